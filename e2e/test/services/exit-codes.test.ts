import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { calm, withoutNewCommands } from '../calm.ts';
import { sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

test.each([
  ['exit 3', 'it exited with code 3', 'FAILED (3)', 3, null],
  ['exec ./no-such-program', 'it exited with code 127', 'FAILED (127)', 127, null],
  ['kill -SEGV $$', 'it was killed by SIGSEGV (code 139)', 'FAILED (139)', 139, 'SIGSEGV'],
  ['sleep 1000 & exit 4', 'it exited with code 4', 'FAILED (4)', 4, null],
  ['if then', 'it exited with code 2', 'FAILED (2)', 2, null],
])('starting `%s` fails: %s', async (shell, reason, status, exitCode, exitSignal) => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: `echo about to fail\n${shell}` }] } });
  const start = await box.candle(['start', 'api']);
  expect(start).toMatchObject({ stdout: expect.stringMatching(/^\[Started process 'api'\]/), exitCode: 1 });
  expect(withoutNewCommands(start.stderr).split('\n')[0]).toBe(`Error: Service 'api' failed to start: ${reason}`);
  // A shell reports a syntax error before it runs any command.
  expect(start.stderr).toMatch(/^Its last lines:\n {2}(about to fail|.*[Ss]yntax error)/m);
  expect(start.stderr).toMatch(/\nTo see the output of the service: candle logs api\n$/);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status, exitCode, exitSignal, running: false }]);
  expect((await box.candle(['logs'])).stdout).toContain(
    exitSignal === null ? `--- exited with code ${exitCode} ` : `--- killed by ${exitSignal} `,
  );
  expect(box.processes()).toEqual([]);
});

test('a failed start reports the exit code and the last lines in JSON', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'echo one; echo two; exit 3' }] } });
  const { stdout, stderr, exitCode } = await box.candle(['start', 'api', '--json']);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'SERVICE_START_FAILED',
    details: { serviceName: 'api', exitCode: 3, exitSignal: null, lastLines: ['one', 'two'] },
  });
});

test('a command that exits with code 0 soon after its start is reported as finished', async () => {
  const box = sandbox({ config: { services: [{ name: 'build', shell: 'echo built' }] } });
  const start = await box.candle(['start']);
  expect(start).toMatchObject({ stderr: calm, exitCode: 0 });
  expect(start.stdout).toMatch(/\n\[Process 'build' finished with code 0\]\n$/);
  await box.candle(['reserve-port', 'build']);
  expect((await box.candleJson(['start'])).services).toMatchObject([{ outcome: 'finished', portAccepts: null }]);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'EXITED (0)', exitCode: 0 }]);
});

test('a service that exits later is shown with its exit code, and check-start replaces it', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: 'until [ -e stop ]; do sleep 0.05; done; exit 7', ready: false }] },
  });
  expect((await box.candle(['start'])).exitCode).toBe(0);
  box.writeFile('stop', '');
  await until(
    'the service has ended',
    async () => (await box.candleJson(['list'])).services[0].status === 'EXITED (7)',
  );
  expect((await box.candle(['ps'])).stdout).toMatch(/^api +EXITED \(7\) +- +- +- +- +-$/m);
  expect(await box.candle(['kill', 'api'])).toMatchObject({ stdout: "Service 'api' is not running\n", exitCode: 0 });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'EXITED (7)', exitCode: 7 }]);
  expect((await box.candle(['check-start'])).stderr).toContain('it exited with code 7');
});

test('a service whose shim was killed is RUNNING while its program lives, then LOST, and can be started again', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('idles.mjs'), ready: false }] } });
  const { pid } = (await box.candleJson(['start'])).services[0];
  for (const { pid, command } of box.processes()) if (command.includes('/shim.sh')) process.kill(pid, 'SIGKILL');
  // The program is still alive, so the service is running.
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING', pid }]);
  for (const program of executing(box, 'idles.mjs')) process.kill(program, 'SIGKILL');
  await until('the program has ended', () => box.processes().length === 0);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'LOST', exitCode: null }]);
  expect((await box.candle(['start'])).exitCode).toBe(0);
  expect((await box.candle(['logs'])).stdout).toContain('--- exited (exit status unknown)');
});

test('a service that does not listen on its port within 5 seconds keeps running, and start reports that', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('idles.mjs') }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const startedAtMs = performance.now();
  const { stdout, stderr, exitCode } = await box.candle(['start']);
  expect(performance.now() - startedAtMs).toBeGreaterThan(5_000);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(new RegExp(`\\[PORT: ${port}\\]\n\\[URL: http://localhost:${port}\\]\n$`));
  expect(withoutNewCommands(stderr)).toBe(
    [
      `Waiting for 'api': it does not accept connections on port ${port}`,
      `Service 'api' is running, but does not listen on any port yet (its reserved port is ${port}): candle logs api`,
      'If it never listens, set "ready": false in .candle.json, or release its port: candle release-ports api',
      'Next: candle wait-for-ready api\n',
    ].join('\n'),
  );
});

test('a failed start shows only the last 20 lines, without escape sequences', async () => {
  const shell = `for n in $(seq 30); do printf '\\033[31mline %s\\033[0m\\n' $n; done; exit 1`;
  const box = sandbox({ config: { services: [{ name: 'api', shell }] } });
  const { stderr } = await box.candle(['start']);
  const lines = withoutNewCommands(stderr)
    .split('\n')
    .filter((line) => line.includes('line '));
  expect(lines).toEqual(Array.from({ length: 20 }, (_, index) => `  line ${index + 11}`));
});
