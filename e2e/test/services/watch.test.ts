import { appendFileSync } from 'node:fs';
import { runProgram, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../sandbox.ts';
import { normalize } from './answers.ts';
import { inBackground } from './background.ts';

const printsFile = (name: string) => ({
  name,
  shell: `touch ${name}.txt; exec tail -f -n +1 ${name}.txt`,
  ready: false,
});
const config = { services: [printsFile('api'), printsFile('web')] };

test('watch shows new output, including that of services and runs that start later, and does not start any', async () => {
  const box = sandbox({ config });
  const print = (name: string, text: string) => appendFileSync(`${box.projectDir}/${name}.txt`, text);
  print('api', 'before\n');
  await box.candle(['start', 'api']);
  const all = inBackground(box, ['watch']);
  const one = inBackground(box, ['watch', 'web', '--json']);
  await until('both commands follow', async () => {
    print('api', 'tick\n');
    return all.lines().length > 0;
  });
  await box.candle(['start', 'web']);
  print('web', 'hi\n');
  await until(
    'the service that started later is shown',
    () => all.shown.stdout.includes('[web] hi') && one.lines().length >= 2,
  );
  await box.candle(['start', 'job', '--shell', 'echo transient; exit 0']);
  await until('the transient service is shown', () => all.shown.stdout.includes('[job] --- exited with code 0'));
  await box.candle(['kill', 'web']);
  await until('the stop is shown', () => one.lines().some((line) => line.includes('"stopped"')));
  expect([await all.interrupt(), await one.interrupt()]).toEqual([0, 0]);
  expect(all.shown.stdout).not.toContain('before');
  const lines = normalize(all.shown.stdout).split('\n');
  expect(lines.filter((line) => line.startsWith('[job]'))).toEqual([
    '[job] --- started TIME ---',
    '[job] transient',
    '[job] --- exited with code 0 TIME ---',
  ]);
  expect(one.lines().map((line) => JSON.parse(line))).toMatchObject([
    { service: 'web', kind: 'started', attempt: 0 },
    { service: 'web', kind: 'line', text: 'hi' },
    ...(one.shown.stdout.includes('Terminated') ? [{ text: 'Terminated' }] : []),
    { service: 'web', kind: 'ended', reason: 'stopped' },
  ]);
  expect((await box.candleJson(['ps', 'api'])).services).toMatchObject([{ status: 'RUNNING' }]);
  expect(all.shown.stderr + one.shown.stderr).toBe('');
});

test('watch exits quietly when its reader closes the pipe', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: 'while :; do echo tick; sleep 0.1; done', ready: false }] },
  });
  await box.candle(['start']);
  const script = '{ "$0" "$1" watch; echo "exit $?" >&2; } | head -1';
  const options = { cwd: box.projectDir, env: box.env };
  expect(await runProgram('sh', ['-c', script, process.execPath, bin], options)).toEqual({
    stdout: 'tick\n',
    stderr: 'exit 0\n',
    exitCode: 0,
  });
});
