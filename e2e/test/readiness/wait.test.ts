import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { calm, withoutNewCommands } from '../calm.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';

const ends = 'echo working; until [ -e stop ]; do sleep 0.02; done; echo done; exit 3';
const never = { log: 'never printed' };

test.each(['start', 'check-start', 'restart'])(
  '%s --wait fails if the service is not ready in time, and leaves it running',
  async (verb) => {
    const shell = 'echo working; exec sleep 1000';
    const box = sandbox({ config: { services: { api: { shell, ready: never } } } });
    const answer = await box.candle([verb, '--wait=600ms', 'api']);
    expect({ ...answer, stderr: withoutNewCommands(answer.stderr) }).toEqual({
      stdout: `[Started process 'api'] $ ${shell}\n[With root directory: ${box.projectDir}]\n`,
      stderr: [
        "Error: Service 'api' is not ready after 0.6 s: it has not printed 'never printed'",
        'It was left running.',
        'Its last lines:',
        '  working',
        'To see its output: candle logs api',
        '',
      ].join('\n'),
      exitCode: 1,
    });
    const [service] = (await box.candleJson(['list'])).services;
    expect(service).toMatchObject({ status: 'RUNNING', ready: false });
    if (verb !== 'check-start') return;
    // check-start waits for the running service and does not replace it.
    const { error } = JSON.parse((await box.candle([verb, '--wait', '0', 'api', '--json'])).stdout);
    expect(error).toMatchObject({ code: 'SERVICE_NOT_READY', details: { runId: service.runId, waitedMs: 0 } });
  },
);

test('start --wait without a duration waits up to 30 seconds, and returns as soon as the service is ready', async () => {
  const box = sandbox({ config: { services: { api: { shell: program('listens-late.mjs', 300) } } } });
  await box.candle(['reserve-port', 'api']);
  for (const args of [['--wait', 'api'], ['--wait=45s']]) {
    expect(await box.candle(['start', ...args]), args.join(' ')).toMatchObject({ stderr: calm, exitCode: 0 });
  }
});

test('an invalid duration is rejected before anything is started', async () => {
  const box = sandbox({ config: { services: { api: { shell: 'exec sleep 1000' } } } });
  for (const args of [
    ['start', '--wait=soon'],
    ['start', '--wait='],
    ['check-start', '--wait=-1'],
    ['restart', '--wait=1d', 'api'],
    ['wait-for-ready', 'api', '--timeout', 'soon'],
    ['wait-for-ready', 'api', '--timeout='],
  ]) {
    const { stdout, stderr, exitCode } = await box.candle(args);
    expect({ stdout, exitCode }, args.join(' ')).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr, args.join(' ')).toMatch(
      /^Error: '.*' is not a duration from 0 to 24 days\nUse a number of seconds, .* 500ms/,
    );
  }
  expect((await box.candle(['start', '--wait', 'soon'])).stderr).toMatch(/^Error: Unknown service 'soon'/);
  expect(box.processes()).toEqual([]);
});

test('start --wait fails with the exit code and the last lines if the service exits', async () => {
  const box = sandbox({ config: { services: { api: { shell: ends, ready: never } } } });
  const start = box.candle(['start', '--wait']);
  await until('the service is running', async () => (await box.candleJson(['list'])).services[0].status === 'RUNNING');
  box.writeFile('stop', '');
  const { stderr, exitCode } = await start;
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Error: Service 'api' failed to start: it exited with code 3\n.*\n {2}working\n {2}done\n/m);
});

test('wait-for-ready fails at once with the last lines when the run ends', async () => {
  const box = sandbox({ config: { services: { api: { shell: ends, ready: never } } } });
  await box.candle(['start', '--wait', '0']);
  const waits = box.candle(['wait-for-ready', 'api', '--timeout', '60']);
  const timed = await box.candle(['wait-for-ready', 'api', '--timeout', '300ms']);
  expect(timed.stderr).toMatch(
    /^Error: Service 'api' is not ready after 0\.3 s: it has not printed 'never printed'\nIt was left running\.\n/,
  );
  expect(timed.exitCode).toBe(1);
  box.writeFile('stop', '');
  expect(await waits).toEqual({
    stdout: '',
    stderr:
      "Error: Service 'api' did not become ready: it exited with code 3\nIts last lines:\n  working\n  done\nTo see its output: candle logs api\n",
    exitCode: 1,
  });
  const again = await box.candle(['wait-for-ready', 'api', '--timeout', '60', '--json']);
  expect({ ...again, stdout: JSON.parse(again.stdout).error }).toMatchObject({
    stdout: { code: 'SERVICE_NOT_RUNNING', details: { exitCode: 3, lastLines: ['working', 'done'] } },
    stderr: '',
    exitCode: 1,
  });
});

test('wait-for-ready fails at once without a run, or without a valid name', async () => {
  const box = sandbox({ config: { services: { api: { shell: 'exec sleep 1000' } } } });
  const first = async (...args: string[]) => (await box.candle(['wait-for-ready', ...args])).stderr.split('\n')[0];
  expect(await box.candle(['wait-for-ready', 'api'])).toEqual({
    stdout: '',
    stderr: "Error: Service 'api' is not running\nTo start it: candle start api\n",
    exitCode: 1,
  });
  await box.candle(['start']);
  expect(await box.candleJson(['wait-for-ready', 'api'])).toEqual({
    name: 'api',
    projectDir: box.projectDir,
    ready: true,
    runId: expect.any(String),
    pid: expect.any(Number),
    port: null,
  });
  await box.candle(['kill']);
  expect(await first('api')).toBe("Error: Service 'api' is not running: it was stopped");
  expect(await first('apy')).toMatch(/^Error: Unknown service 'apy'/);
  expect(await first('')).toMatch(/^Error: .*empty/);
  expect(await first()).toBe('Error: Missing argument: name');
});

test('wait-for-ready continues with the new run if the service is restarted', async () => {
  const box = sandbox({
    config: {
      services: {
        api: { shell: 'until [ -e ready ]; do sleep 0.02; done; echo up; exec sleep 1000', ready: { log: 'up' } },
      },
    },
  });
  await box.candle(['start', '--wait', '0']);
  const [{ runId: before }] = (await box.candleJson(['list'])).services;
  const waits = box.candleJson(['wait-for-ready', 'api', '--timeout', '60']);
  const restart = box.candleJson(['restart', 'api', '--wait']);
  await until('a new run has replaced it', async () => {
    const [service] = (await box.candleJson(['list'])).services;
    return service.status === 'RUNNING' && service.runId !== before;
  });
  box.writeFile('ready', '');
  const [{ runId }] = (await restart).services;
  expect(await waits).toMatchObject({ runId, ready: true });
});
