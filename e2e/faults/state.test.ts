import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, onTestFinished } from 'vitest';
import { sandbox } from '../test/sandbox.ts';
import { executing, program } from '../test/services/programs.ts';
import { openStore } from '../test/store.ts';
import {
  awaitNoSupervisor,
  awaitSupervisor,
  findSupervisor,
  killHard,
  supervisorProcesses,
} from '../test/supervisor-of.ts';
import { fault } from './fault.ts';
import { insideContainer } from './inside-container.ts';

const idles = program('idles.mjs');

/** Spawns a process unrelated to Candle, in a separate process group. It is killed when the test finishes. */
function spawnStranger(): ChildProcess & { pid: number } {
  const stranger = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  if (stranger.pid === undefined) throw new Error('Could not start sleep');
  return stranger as ChildProcess & { pid: number };
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function startTokenOf(pid: number): string {
  return (
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19] ?? ''
  );
}

/** Kills everything without a notice, as a power cut does. */
async function killAll(box: Sandbox): Promise<void> {
  // Kill the watchdog first, because it would start another supervisor.
  const { pid, watchdog } = await awaitSupervisor(box);
  killHard(watchdog?.pid ?? 0);
  killHard(pid);
  for (const each of box.processes()) killHard(each.pid);
  await until('no process is left', () => box.processes().length + supervisorProcesses(box).length === 0);
}

function countRuns(box: Sandbox): number {
  return readdirSync(join(box.stateDir, 'runs')).filter((name) => name !== 'CACHEDIR.TAG').length;
}

fault(
  21,
  'the pid of a run now belongs to an unrelated process: the run is shown as LOST, and that process gets no signal',
  async () => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
    const { runId } = (await box.candleJson(['start'])).services[0];
    await killAll(box);
    const stranger = spawnStranger();
    const store = await openStore(box);
    store.exec(`UPDATE runs SET ended_at_ms = NULL, end_reason = NULL, status = 'running', shim_pid = ${stranger.pid}`);
    const file = (name: string) => join(box.stateDir, 'runs', runId, name);
    writeFileSync(file('pid'), `${stranger.pid}\n`);
    const member = { pid: stranger.pid, startToken: '1', sid: stranger.pid };
    writeFileSync(file('members.json'), JSON.stringify([member]));
    const { services } = await box.candleJson(['ps']);
    expect(services).toMatchObject([{ status: 'LOST', running: false, pid: null }]);
    for (const verb of ['kill', 'restart', 'kill']) expect((await box.candle([verb, 'api'])).exitCode).toBe(0);
    expect(isAlive(stranger)).toBe(true);
    expect(box.processes()).toEqual([]);
  },
  { simulatedBy: 'a row and files of a run that contain the pid of a process of the test, with another start time' },
);

const damages: readonly [string, (path: string) => void][] = [
  ['deleted', (path) => rmSync(path)],
  ['overwritten', (path) => writeFileSync(path, 'rubbish'.repeat(3_000))],
  ['missing its header', (path) => writeFileSync(path, readFileSync(path).fill(0, 0, 100))],
];
for (const [what, damage] of damages) {
  fault(
    40,
    `state.db is ${what} while a supervisor runs: it is restored, services keep running, and their ends are recorded`,
    async () => {
      const box = sandbox();
      const go = join(box.root, 'go');
      const { port } = await box.candleJson(['reserve-port', 'web']);
      const shell = `until [ -e ${go} ]; do sleep 0.02; done; exit 7`;
      const { runId } = (await box.candleJson(['start', 'api', '--shell', shell])).services[0];
      await awaitSupervisor(box);
      damage(join(box.stateDir, 'state.db'));
      const listed = await box.candle(['ps', 'api']);
      expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('RUNNING') });
      expect((await box.candleJson(['ps', 'api'])).services).toMatchObject([{ runId, status: 'RUNNING' }]);
      expect((await box.candle(['get-reserved-port', 'web'])).stdout).toBe(`${port}\n`);
      writeFileSync(go, '');
      const store = await openStore(box);
      const ended = store.prepare('SELECT exit_code AS code FROM runs WHERE ended_at_ms IS NOT NULL');
      expect(await until('the supervisor has recorded the end', () => ended.get()?.code)).toBe(7);
      expect((await box.candleJson(['ps', 'api'])).services).toMatchObject([{ runId, status: 'EXITED (7)' }]);
    },
    { slow: what === 'overwritten' },
  );
}

fault(40, 'state.db is deleted and nobody runs a command: the supervisor restores it', async () => {
  const box = sandbox();
  await box.candle(['start', 'api', '--shell', idles]);
  const [service] = executing(box, 'idles.mjs');
  await awaitSupervisor(box);
  rmSync(join(box.stateDir, 'state.db'));
  await until('state.db exists again', () => readdirSync(box.stateDir).includes('state.db'));
  expect((await box.candle(['ps'])).stdout).toContain('RUNNING');
  expect(executing(box, 'idles.mjs')).toEqual([service]);
  expect((await box.candle(['kill'])).stdout).toBe("[Stopped process 'api']\n");
});

for (const policy of ['never', 'always'] as const) {
  fault(
    44,
    `restart: ${policy}: runs are LOST, nothing starts automatically, and no old pid is trusted`,
    async () => {
      const restart = { policy, delay: '50ms' };
      const box = sandbox({
        config: {
          services: [
            { name: 'lives', shell: idles, ready: false, restart },
            // It waits for a restart by its policy.
            { name: 'waits', shell: 'sleep 0.7; exit 1', ready: false, restart: { policy: 'always', delay: '1h' } },
          ],
        },
      });
      await box.candle(['start']);
      const store = await openStore(box);
      await until("service 'waits' has ended", () =>
        store.prepare('SELECT 1 FROM runs WHERE ended_at_ms IS NOT NULL').get(),
      );
      await killAll(box);
      const stranger = spawnStranger();
      store.exec(`UPDATE runs SET boot_id = 'previous boot'`);
      // The same pid with the same start time since boot.
      store
        .prepare(`UPDATE runs SET shim_pid = ?, shim_start_token = ? WHERE service_name = 'lives'`)
        .run(stranger.pid, startTokenOf(stranger.pid));
      const runs = countRuns(box);
      const status = async (name: string) => (await box.candleJson(['ps', name])).services[0];
      expect(await status('lives')).toMatchObject({ status: 'LOST', running: false, pid: null });
      await until('no run and no pending restart is recorded', () => {
        const running = store.prepare(`SELECT 1 FROM runs WHERE ended_at_ms IS NULL`).get();
        const pendingRestart = store.prepare('SELECT 1 FROM services WHERE next_restart_at_ms IS NOT NULL').get();
        return !running && !pendingRestart;
      });
      await awaitNoSupervisor(box);
      expect(store.prepare('SELECT DISTINCT desired FROM services').all()).toEqual([{ desired: 'down' }]);
      expect(await status('lives')).toMatchObject({ status: 'LOST', exitCode: null, nextRestartAt: null });
      expect(await status('waits')).toMatchObject({ running: false, nextRestartAt: null });
      expect(countRuns(box)).toBe(runs);
      expect(box.processes()).toEqual([]);
      expect(await box.candle(['kill'])).toMatchObject({ exitCode: 0 });
      expect(isAlive(stranger)).toBe(true);
      expect((await box.candle(['start', 'lives'])).exitCode).toBe(0);
    },
    { simulatedBy: 'kill -9 of everything and a different boot id in the database' },
  );
}

fault(
  47,
  'restart: always: nothing starts in the new container, and none of its processes gets a signal',
  async ({ skip }) => {
    if (spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status !== 0)
      skip('this user may not create a pid namespace');
    const restart = { policy: 'always', delay: '50ms' };
    const box = sandbox({
      config: {
        services: [
          { name: 'api', shell: idles, ready: false, restart },
          { name: 'web', shell: 'sleep 0.7; exit 1', ready: false, restart: { ...restart, delay: '2s' } },
        ],
      },
    });
    const first = insideContainer(box);
    expect(await first.candle('start', 'api')).toMatchObject({ exitCode: 0 });
    expect(await first.candle('start', 'web')).toMatchObject({ exitCode: 0 });
    await first.end();
    expect(box.processes()).toEqual([]);
    const runs = countRuns(box);

    // Pids start from 1 again, so unrelated processes now have the old ones.
    const second = insideContainer(box, { strangers: 400 });
    const ps = async () => JSON.parse((await second.candle('ps', '--json')).stdout).services;
    expect(await ps()).toMatchObject([
      { name: 'api', status: 'LOST', running: false },
      { name: 'web', running: false },
    ]);
    await until('a supervisor has started and exited', async () => {
      const [api, web] = await ps();
      return findSupervisor(box) === undefined && api.nextRestartAt === null && web.nextRestartAt === null;
    });
    expect(await second.candle('kill')).toMatchObject({ exitCode: 0 });
    expect(countRuns(box)).toBe(runs);
    expect(executing(box, 'idles.mjs')).toEqual([]);
    expect(await second.countStrangers()).toBe(400);
    expect(await second.candle('start', 'api')).toMatchObject({ exitCode: 0 });
    expect(executing(box, 'idles.mjs')).toHaveLength(1);
    await second.end();
  },
  { simulatedBy: 'pid namespaces that end and begin with the same state directory' },
);
