import { stripVTControlCharacters } from 'node:util';
import { type Sandbox, until } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { withoutNewCommands } from '../calm.ts';
import { hasTerminals, inTerminal } from '../in-terminal.ts';
import { sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

async function isRunning(box: Sandbox): Promise<boolean> {
  return (await box.candleJson(['list', 'api'])).services[0].running;
}

/** The output of `start` without its line on how to leave, which can be between any two lines of the service. */
function withoutHint(output: string): string {
  expect(output).toContain(hint);
  return output.replace(hint, '');
}

const hint = 'Press Ctrl-C to leave; the services keep running\n';

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('start shows the output until Ctrl-C, and the service keeps running', async () => {
    const shell = `echo begun; printf '\\033[32mgreen\\033[0m\\n'; until [ -e go ]; do sleep 0.5; done; ${program('idles.mjs')}`;
    const box = sandbox({ config: { services: [{ name: 'api', shell, ready: false }] } });
    const start = inTerminal(box, '\nup', 'interrupt', 'start');
    await until('the start is confirmed', async () => (await box.candleJson(['list'])).services[0].ready);
    box.writeFile('go', '');
    const { stdout, exitCode } = await start;
    expect(exitCode).toBe(0);
    const begun = `[Started process 'api'] $ ${shell}\n[With root directory: ${box.projectDir}]\nbegun\n`;
    expect(withoutHint(withoutNewCommands(stdout)).startsWith(`${begun}\u001b[32mgreen\u001b[0m\nup\n`)).toBe(true);
    expect(await isRunning(box)).toBe(true);
  });

  test('a service survives the end of its terminal', async () => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: program('idles.mjs'), ready: false }] } });
    expect((await inTerminal(box, 'up', 'hang-up', 'start')).exitCode).toBe(129);
    expect(await isRunning(box)).toBe(true);
    expect(executing(box, 'idles.mjs')).toHaveLength(1);
  });

  test('Ctrl-C before the start is confirmed exits with code 130, and the service is listed', async () => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: program('idles.mjs') }] } });
    // The service never listens, so start would wait for five seconds.
    await box.candle(['reserve-port', 'api']);
    const { exitCode } = await inTerminal(box, '[PORT: ', 'interrupt', 'start');
    expect(exitCode).toBe(130);
    expect(await isRunning(box)).toBe(true);
    expect(await box.candle(['kill'])).toMatchObject({ stdout: "[Stopped process 'api']\n", exitCode: 0 });
  });

  test('start returns at once with --bg or --json', async () => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: program('idles.mjs'), ready: false }] } });
    const { stdout, exitCode } = await inTerminal(box, '', 'wait', 'start', '--bg');
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('up\n');
    const json = await inTerminal(box, '', 'wait', 'start', '--json');
    expect(JSON.parse(json.stdout).services).toMatchObject([{ outcome: 'running' }]);
  });

  test('start exits when all services that it shows have ended', async () => {
    const box = sandbox({
      config: { services: [{ name: 'api', shell: 'echo one; sleep 1; printf two; exit 3', ready: false }] },
    });
    const { stdout, exitCode } = await inTerminal(box, '', 'wait', 'start');
    expect(exitCode).toBe(0);
    expect(withoutHint(stripVTControlCharacters(stdout))).toMatch(
      /\]\none\ntwo\nService 'api' is no longer running: it exited with code 3\n$/,
    );
  });

  test('a failed start exits with code 1 at once', async () => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: 'exit 3' }] } });
    const { stdout, exitCode } = await inTerminal(box, '', 'wait', 'start');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('it exited with code 3');
  });
});

test('without a terminal, start returns; with --watch, it stays until the service ends', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: 'echo begun; sleep 1; echo end', ready: false },
        { name: 'web', shell: program('idles.mjs'), ready: false },
      ],
    },
  });
  const start = await box.candle(['start', 'web']);
  expect(start.stdout).not.toContain('up');
  expect(await box.candle(['start', 'api', '--watch'])).toMatchObject({
    stdout: expect.stringMatching(/\[With root directory: .*\]\nbegun\nend\n$/),
    stderr: expect.stringMatching(/\nService 'api' is no longer running: it exited with code 0\n$/),
    exitCode: 0,
  });
  expect(await box.candle(['start', 'api', '--watch', '--bg'])).toMatchObject({ stdout: '', exitCode: 1 });
  expect(await box.candle(['start', 'api', '--watch', '--json'])).toMatchObject({ stderr: '', exitCode: 1 });
});

test('the output of several services is shown in complete lines with name prefixes', async () => {
  const shell = (name: string) => `for n in 1 2 3; do printf '${name} '; echo "line $n"; sleep 0.1; done; sleep 0.5`;
  const box = sandbox({
    config: { services: ['api', 'web'].map((name) => ({ name, shell: shell(name), ready: false })) },
  });
  const { stdout, exitCode } = await box.candle(['start', '--watch']);
  expect(exitCode).toBe(0);
  for (const name of ['api', 'web']) {
    const lines = stdout.split('\n').filter((line) => line.startsWith(`[${name}] `));
    expect(lines).toEqual([1, 2, 3].map((n) => `[${name}] ${name} line ${n}`));
  }
});
