import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

const idles = program('idles.mjs');

/** The file modes of everything below the directory, by relative path. */
function modesBelow(directory: string): Record<string, string> {
  return Object.fromEntries(
    globSync('**/*', { cwd: directory }).map((path) => [
      path,
      (statSync(join(directory, path)).mode & 0o777).toString(8),
    ]),
  );
}

async function isRunning(box: Sandbox): Promise<boolean> {
  return (await box.candleJson(['list', 'api'])).services[0].running;
}

/** Starts a candle command in a separate process group. The test has to end it. */
function startCandle(box: Sandbox, args: readonly string[]) {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: box.projectDir,
    env: box.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const shown = { text: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown.text += text;
  });
  const ended = new Promise<string | number | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  );
  return { pid: child.pid ?? 0, shown, ended };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
  'a service survives %s sent to the process group of the command that started it',
  async (signal) => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
    const candle = startCandle(box, ['start', '--watch']);
    await until('the output of the service is shown', () => candle.shown.text.includes('up\n'));
    process.kill(-candle.pid, signal);
    // 130 before the start is confirmed.
    expect(signal === 'SIGINT' ? [0, 130] : [signal]).toContain(await candle.ended);
    expect(await isRunning(box)).toBe(true);
    expect(executing(box, 'idles.mjs')).toHaveLength(1);
  },
);

test('the files of a run are readable only by their owner, and no process has the command in its arguments', async () => {
  const shell = `secret=hidden-in-a-file; until [ -e stop ]; do sleep 0.1; done # ${idles}`;
  const box = sandbox({
    config: { services: [{ name: 'api', shell, ready: false, env: { TOKEN: 'hidden-in-env' } }] },
  });
  const { runId } = (await box.candleJson(['start'])).services[0];
  const runs = join(box.stateDir, 'runs');
  expect(statSync(runs).mode & 0o777).toBe(0o700);
  await until('the supervisor copies output', () => existsSync(join(runs, runId, 'log', '0.15.idx')));
  expect(modesBelow(runs)).toEqual({
    'CACHEDIR.TAG': '600',
    [runId]: '700',
    [join(runId, 'log')]: '700',
    ...Object.fromEntries(
      [
        'command',
        'exit',
        'shim.sh',
        'in',
        'launch.json',
        'exit-pipe',
        'members.json',
        'pid',
        'run.json',
        'spool',
        'stop',
        'log/0.15.idx',
        'log/0.15.seg',
      ].map((name) => [join(runId, name), '600']),
    ),
  });
  expect(readFileSync(join(runs, 'CACHEDIR.TAG'), 'utf8')).toMatch(/^Signature: 8a477f597d28d172789f06886806bc55\n/);
  expect(
    box
      .processes()
      .map(({ command }) => command)
      .join('\n'),
  ).not.toContain('hidden');

  expect(readFileSync(join(runs, runId, 'launch.json'), 'utf8')).toContain('hidden-in-env');
  await box.candle(['kill']);
  expect(globSync(join(runs, runId, '{launch.json,command,members.json}'))).toEqual([]);
  expect((await box.candleJson(['start'])).services[0].runId).not.toBe(runId);
});

test('when a service exits by itself, files that may contain secrets are deleted, and its output is kept', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: 'until [ -e stop ]; do sleep 0.1; done', ready: false }] },
  });
  const { runId } = (await box.candleJson(['start'])).services[0];
  box.writeFile('stop', '');
  await until('the service has ended', async () => !(await isRunning(box)));
  await until(
    'the supervisor has deleted the files',
    () => globSync(join(box.stateDir, 'runs', '*', '{launch.json,command,members.json}')).length === 0,
  );
  expect(existsSync(join(box.stateDir, 'runs', runId, 'log'))).toBe(true);
});

test('a start that the operating system refuses leaves no process and no secrets', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: idles, ready: false, env: { HUGE: 'x'.repeat(200_000) } }] },
  });
  expect(await box.candle(['start'])).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/^Error: Service 'api' could not be started: .*E2BIG/m),
    exitCode: 1,
  });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'FAILED', running: false }]);
  expect(globSync(join(box.stateDir, 'runs', '*', '{launch.json,command}'))).toEqual([]);
  expect(box.processes()).toEqual([]);
});

test('a service does not inherit the open files of its caller', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
  // For example, a script holds a lock on a descriptor, or another program reads its output to the end.
  const [low, high] = [9, 60];
  const stdio = Array.from({ length: high + 1 }, (_, fd) => (fd === low || fd === high ? 'pipe' : 'ignore'));
  const candle = spawn(process.execPath, [bin, 'start'], { cwd: box.projectDir, env: box.env, stdio });
  const pipes: readonly unknown[] = candle.stdio;
  const open = new Set([low, high]);
  for (const fd of [low, high]) (pipes[fd] as Readable).resume().once('end', () => open.delete(fd));
  expect(await new Promise((resolve) => candle.once('exit', resolve))).toBe(0);
  await until('both are closed', () => open.size === 0, { explain: () => `open: ${[...open]}` });
  expect(await isRunning(box)).toBe(true);
});
