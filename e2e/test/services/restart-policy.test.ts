import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { openStore } from '../store.ts';
import { awaitNoSupervisor, awaitSupervisor, killHard, supervisorProcesses } from '../supervisor-of.ts';

/** Prints `run`, waits for a file `exit.N`, removes it and exits with code N. */
const obeys = `echo run; while :; do for code in 0 1 3; do rm exit.$code 2>/dev/null && exit $code; done; sleep 0.02; done`;

function boxWith(restart: unknown, shell = obeys): Sandbox {
  return sandbox({ config: { services: [{ name: 'api', shell, ready: false, restart }] } });
}

async function show(box: Sandbox) {
  return (await box.candleJson(['ps', 'api'])).services[0];
}

/** Reads the runs directly from the database, without running candle. */
async function openRuns(box: Sandbox) {
  const store = await openStore(box);
  const query = store.prepare(
    'SELECT id, attempt, ended_at_ms AS endedAtMs FROM runs ORDER BY generation, started_at_ms',
  );
  return () => query.all() as unknown as readonly { id: string; attempt: number; endedAtMs: number | null }[];
}

/** Makes the service exit, and waits until the end is in the database. */
async function endRun(box: Sandbox, code: number, root = '.'): Promise<void> {
  const runs = await openRuns(box);
  const id = runs().at(-1)?.id;
  box.writeFile(join(root, `exit.${code}`), '');
  await until('its end is recorded', () => runs().find((run) => run.id === id)?.endedAtMs);
}

async function awaitRuns(box: Sandbox, count: number) {
  const runs = await openRuns(box);
  await until(`there are ${count} runs`, () => runs().length >= count, {
    explain: async () => JSON.stringify(await show(box)),
  });
}

const quick = { delay: '60ms', maxDelay: '60ms' };

/** The policy, the exit code of the service, and whether it is restarted. */
const cases = [
  ['never', 1, false],
  ['on-failure', 0, false],
  ['on-failure', 3, true],
  ['always', 0, true],
  ['always', 1, true],
] as const;

test('on-failure restarts a failed service, always restarts any service, never restarts none', async () => {
  const services = cases.map(([policy, code], index) => ({
    name: `${policy}-${code}`,
    shell: obeys,
    ready: false,
    root: String(index),
    restart: { policy, ...quick },
  }));
  const box = sandbox({ config: { services } });
  for (const { root } of services) box.writeFile(`${root}/file`, '');
  await box.candle(['start']);
  await awaitSupervisor(box);
  for (const [index, [, code]] of cases.entries()) box.writeFile(`${index}/exit.${code}`, '');
  await awaitRuns(box, cases.length + cases.filter(([, , isRestarted]) => isRestarted).length);
  const listServices = async (): Promise<{ nextRestartAt: string | null }[]> => (await box.candleJson(['ps'])).services;
  // The supervisor clears a pending restart only after it has recorded the new run.
  await until('no restart is pending', async () =>
    (await listServices()).every(({ nextRestartAt }) => nextRestartAt === null),
  );
  expect(await listServices()).toMatchObject(
    cases.map(([policy, code, isRestarted]) => ({
      name: `${policy}-${code}`,
      status: isRestarted ? 'RUNNING' : `EXITED (${code})`,
      restarts: isRestarted ? 1 : 0,
      nextRestartAt: null,
    })),
  );
  expect((await box.candle(['ps'])).stdout).toMatch(/always-0 +RUNNING \[restarted 1 time\]/);
  await box.candle(['kill']);
  await awaitNoSupervisor(box);
  expect((await openRuns(box))()).toHaveLength(cases.length + 3);
});

test('the restart delay doubles each time, and the logs number the restarts', async () => {
  const box = boxWith({ policy: 'on-failure', delay: '200ms' });
  await box.candle(['start']);
  await awaitSupervisor(box);
  const store = await openStore(box);
  const service = store.prepare('SELECT next_restart_at_ms AS atMs FROM services');
  const run = store.prepare('SELECT max(ended_at_ms) AS endedAtMs FROM runs');
  const delays: number[] = [];
  for (const count of [1, 2, 3]) {
    await awaitRuns(box, count);
    await endRun(box, 1);
    delays.push(Number(service.get()?.atMs) - Number(run.get()?.endedAtMs));
  }
  // The delay has 20 % jitter.
  for (const [index, delay] of delays.entries()) expect(delay).toBeGreaterThanOrEqual(160 * 2 ** index);
  await awaitRuns(box, 4);
  await until('all runs have printed', async () => (await box.candle(['logs'])).stdout.match(/^run$/gm)?.length === 4);
  const marks = (await box.candle(['logs'])).stdout.split('\n').filter((line) => line.startsWith('---'));
  expect(marks.map((mark) => mark.replace(/ [\d/]+, .*/, ''))).toEqual([
    '--- exited with code 1',
    '--- restarted (1)',
    '--- exited with code 1',
    '--- restarted (2)',
    '--- exited with code 1',
    '--- restarted (3)',
  ]);
});

test('a service that keeps failing is no longer restarted, ps reports a crash loop, and start resets the count', async () => {
  const shell = 'until [ -e broken ]; do sleep 0.02; done; exit 3';
  const box = boxWith({ policy: 'always', maxAttempts: 2, ...quick }, shell);
  await box.candle(['start']);
  box.writeFile('broken', '');
  await until('the crash loop is detected', async () => (await show(box)).crashLoopedAt !== null);
  expect(await show(box)).toMatchObject({ status: 'EXITED (3)', running: false, restarts: 2, nextRestartAt: null });
  expect((await box.candle(['ps'])).stdout).toContain('EXITED (3) [crash loop: given up after 2 restarts]');
  await awaitNoSupervisor(box);
  expect((await openRuns(box))()).toHaveLength(3);
  const [{ entries }] = (await box.candleJson(['logs', 'api'])).services;
  expect(entries.at(-1)).toMatchObject({ kind: 'given-up', restarts: 2, exitCode: 3, withinMs: expect.any(Number) });
  expect((await box.candle(['logs', 'api'])).stdout).toMatch(
    /^--- gave up after 2 restarts within \d+s \(the last run exited with code 3\) .*; to start it again: candle start api ---$/m,
  );
  rmSync(join(box.projectDir, 'broken'));
  await box.candle(['start']);
  expect(await show(box)).toMatchObject({ status: 'RUNNING', restarts: 0, crashLoopedAt: null });
});

/** A sandbox with an ended service whose pending restart is due long after the test. */
async function boxWithPendingRestart(): Promise<Sandbox> {
  const box = boxWith({ policy: 'always', delay: '1h' });
  await box.candle(['start']);
  await awaitSupervisor(box);
  await endRun(box, 1);
  const service = await show(box);
  expect(service).toMatchObject({ status: 'EXITED (1)', restarts: 1 });
  expect(Date.parse(service.nextRestartAt) - Date.now()).toBeGreaterThan(40 * 60_000);
  expect((await box.candle(['ps'])).stdout).toMatch(/EXITED \(1\) \[restart 1 in (\d+m \d+s|1h \d+m)\]/);
  return box;
}

test('kill cancels a pending restart', async () => {
  const box = await boxWithPendingRestart();
  const kill = await box.candleJson(['kill']);
  expect(kill).toMatchObject({ services: [{ name: 'api', stopped: false, restartCancelled: true }] });
  await awaitNoSupervisor(box);
  expect(await show(box)).toMatchObject({ status: 'not running', nextRestartAt: null });
  expect((await openRuns(box))()).toHaveLength(1);
  expect((await box.candle(['kill'])).stdout).toBe('No service of this project is running\n');
});

test('start replaces a pending restart at once', async () => {
  const box = await boxWithPendingRestart();
  expect(await box.candle(['start'])).toMatchObject({ exitCode: 0 });
  expect(await show(box)).toMatchObject({ status: 'RUNNING', restarts: 0, nextRestartAt: null });
  expect((await openRuns(box))().map(({ attempt }) => attempt)).toEqual([0, 0]);
});

test('after supervisor and watchdog are killed, the next command starts a supervisor that keeps the pending restart', async () => {
  const box = boxWith({ policy: 'always', delay: '3s' });
  await box.candle(['start']);
  const { pid, watchdog } = await awaitSupervisor(box);
  await endRun(box, 1);
  killHard(watchdog?.pid ?? 0);
  killHard(pid);
  await until('both have ended', () => supervisorProcesses(box).length === 0);
  const service = await show(box);
  expect(service).toMatchObject({ status: 'EXITED (1)', restarts: 1 });
  await awaitSupervisor(box, pid);
  await awaitRuns(box, 2);
  const [, second] = (await openRuns(box))();
  expect(second).toMatchObject({ attempt: 1 });
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(service.nextRestartAt));
});

test('always restarts a service whose first run ends with code 0 at once', async () => {
  const box = boxWith({ policy: 'always', ...quick }, 'echo poll');
  expect(await box.candle(['start'])).toMatchObject({ exitCode: 0 });
  await awaitRuns(box, 3);
  expect((await openRuns(box))().map(({ attempt }) => attempt)).toEqual(expect.arrayContaining([0, 1, 2]));
  expect(await box.candle(['kill'])).toMatchObject({ exitCode: 0 });
});

test.each(['never', 'on-failure'])(
  '%s restarts no service whose first run ends with code 0 at once',
  async (policy) => {
    const box = boxWith({ policy, ...quick }, 'echo poll');
    expect(await box.candle(['start'])).toMatchObject({ exitCode: 0 });
    await awaitNoSupervisor(box);
    expect(await show(box)).toMatchObject({ status: 'EXITED (0)', nextRestartAt: null });
    expect((await openRuns(box))()).toHaveLength(1);
  },
);

test.each(['always', 'on-failure'])(
  'with %s, a start that fails at once is reported and not retried',
  async (policy) => {
    const box = boxWith({ policy, ...quick }, 'exit 3');
    const start = await box.candle(['start']);
    expect(start).toMatchObject({ exitCode: 1 });
    expect(start.stderr).toContain('It is not restarted: "restart" applies once a start has succeeded');
    await awaitNoSupervisor(box);
    expect(await show(box)).toMatchObject({ status: 'FAILED (3)', restarts: 0, nextRestartAt: null });
    expect((await openRuns(box))()).toHaveLength(1);
  },
);

test('a restarted service has the port, directory and environment of its original start', async () => {
  const shell = `printf '%s ' "$PORT" "$TOKEN" "$PWD" "$CALLER" "$CANDLE_SERVICE"; echo; ${obeys}`;
  const service = { name: 'api', shell, root: 'sub', env: { TOKEN: 'one' }, ready: false };
  const config = { services: [{ ...service, restart: { policy: 'always', ...quick } }] };
  const box = sandbox({ config });
  box.writeFile('sub/file', '');
  const { port } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['start'], { env: { CALLER: 'me' } });
  await awaitSupervisor(box);
  // The new configuration applies only to the next start command.
  box.writeConfig({ services: [{ ...service, env: { TOKEN: 'two' }, restart: 'always' }] });
  await endRun(box, 1, 'sub');
  await awaitRuns(box, 2);
  const printed = `${port} one ${join(box.projectDir, 'sub')} me api`;
  await until('both runs have printed it', async () => (await box.candle(['logs'])).stdout.split(printed).length === 3);
});

test('a service is not restarted on a port that is now reserved for another service', async () => {
  const config = {
    services: [
      { name: 'api', shell: obeys, ready: false, restart: { policy: 'always', delay: '2.5s', maxAttempts: 1 } },
    ],
  };
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['start']);
  await awaitSupervisor(box);
  await box.candle(['release-ports', 'api']);
  await endRun(box, 1);
  expect(await box.candleJson(['reserve-port', 'other', '--port', String(port)])).toMatchObject({ port });
  await until('the restart is abandoned, or happens', async () => {
    const { crashLoopedAt, running } = await show(box);
    return crashLoopedAt !== null || running;
  });
  expect(await show(box)).toMatchObject({ running: false, nextRestartAt: null });
});
