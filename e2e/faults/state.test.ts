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

/** A process that Candle has nothing to do with, in a group of its own; ended with the test. */
function spawnStranger(): ChildProcess & { pid: number } {
  const stranger = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  if (stranger.pid === undefined) throw new Error('sleep could not be started');
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

/** As a power cut does it: nothing of it is told to anybody. */
async function killAll(box: Sandbox): Promise<void> {
  // The watchdog first: it would start another supervisor.
  const { pid, watchdog } = await awaitSupervisor(box);
  killHard(watchdog?.pid ?? 0);
  killHard(pid);
  for (const each of box.processes()) killHard(each.pid);
  await until('nothing is left', () => box.processes().length + supervisorProcesses(box).length === 0);
}

function countRuns(box: Sandbox): number {
  return readdirSync(join(box.stateDir, 'runs')).filter((name) => name !== 'CACHEDIR.TAG').length;
}

fault(
  21,
  'the pid of a run belongs to a stranger by now: it is shown as gone, and the stranger is never signalled',
  async () => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: idles }] } });
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
  { simulatedBy: 'a row and files of a run that name a process of the test, with another start time' },
);

function removeDatabase(path: string): void {
  for (const part of ['-wal', '-shm', '']) rmSync(path + part, { force: true });
}

const losses: readonly [string, (path: string) => void][] = [
  ['deleted', removeDatabase],
  ['overwritten', (path) => writeFileSync(path, 'rubbish'.repeat(3_000))],
  ['without its header', (path) => writeFileSync(path, readFileSync(path).fill(0, 0, 100))],
];
for (const [what, hurt] of losses) {
  fault(
    40,
    `state.db is ${what} under a live supervisor: restored, runs go on, their ends are recorded`,
    async () => {
      const box = sandbox();
      const go = join(box.root, 'go');
      const { port } = await box.candleJson(['reserve-port', 'web']);
      const shell = `until [ -e ${go} ]; do sleep 0.02; done; exit 7`;
      const { runId } = (await box.candleJson(['start', 'api', '--shell', shell])).services[0];
      await awaitSupervisor(box);
      hurt(join(box.stateDir, 'state.db'));
      const told = await box.candle(['ps', 'api']);
      expect(told).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('RUNNING') });
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

fault(40, 'state.db is deleted and nobody types anything: the supervisor alone restores it', async () => {
  const box = sandbox();
  await box.candle(['start', 'api', '--shell', idles]);
  const [service] = executing(box, 'idles.mjs');
  await awaitSupervisor(box);
  removeDatabase(join(box.stateDir, 'state.db'));
  await until('it is there again', () => readdirSync(box.stateDir).includes('state.db'));
  expect((await box.candle(['ps'])).stdout).toContain('RUNNING');
  expect(executing(box, 'idles.mjs')).toEqual([service]);
  expect((await box.candle(['kill'])).stdout).toBe("[Stopped process 'api']\n");
});

for (const policy of ['never', 'always'] as const) {
  fault(
    44,
    `restart: ${policy}: LOST, nothing starts by itself, no old pid is trusted`,
    async () => {
      const restart = { policy, delay: '50ms' };
      const box = sandbox({
        config: {
          services: [
            { name: 'lives', shell: idles, restart },
            // Its policy is about to start it again.
            { name: 'waits', shell: 'sleep 0.7; exit 1', restart: { policy: 'always', delay: '1h' } },
          ],
        },
      });
      await box.candle(['start']);
      const store = await openStore(box);
      await until('one has ended', () => store.prepare('SELECT 1 FROM runs WHERE ended_at_ms IS NOT NULL').get());
      await killAll(box);
      const stranger = spawnStranger();
      store.exec(`UPDATE runs SET boot_id = 'of before'`);
      // The same pid at the same time since its boot.
      store
        .prepare(`UPDATE runs SET shim_pid = ?, shim_start_token = ? WHERE service_name = 'lives'`)
        .run(stranger.pid, startTokenOf(stranger.pid));
      const runs = countRuns(box);
      const status = async (name: string) => (await box.candleJson(['ps', name])).services[0];
      expect(await status('lives')).toMatchObject({ status: 'LOST', running: false, pid: null });
      await until('the ledger knows', () => {
        const up = store.prepare(`SELECT 1 FROM runs WHERE ended_at_ms IS NULL`).get();
        const returning = store.prepare('SELECT 1 FROM services WHERE next_restart_at_ms IS NOT NULL').get();
        return !up && !returning;
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
    { simulatedBy: 'kill -9 of everything and another boot id in the ledger' },
  );
}

fault(
  47,
  'restart: always: nothing is started in the new one, and none of its processes is signalled',
  async ({ skip }) => {
    if (spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status !== 0)
      skip('this user may not make a pid namespace');
    const restart = { policy: 'always', delay: '50ms' };
    const box = sandbox({
      config: {
        services: [
          { name: 'api', shell: idles, restart },
          { name: 'web', shell: 'sleep 0.7; exit 1', restart: { ...restart, delay: '2s' } },
        ],
      },
    });
    const first = insideContainer(box);
    expect(await first.candle('start', 'api')).toMatchObject({ exitCode: 0 });
    expect(await first.candle('start', 'web')).toMatchObject({ exitCode: 0 });
    await first.end();
    expect(box.processes()).toEqual([]);
    const runs = countRuns(box);

    // Its pids begin anew, so that strangers have the old ones.
    const second = insideContainer(box, { strangers: 400 });
    const ps = async () => JSON.parse((await second.candle('ps', '--json')).stdout).services;
    expect(await ps()).toMatchObject([
      { name: 'api', status: 'LOST', running: false },
      { name: 'web', running: false },
    ]);
    await until('a supervisor has come and gone', async () => {
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
  { simulatedBy: 'pid namespaces that end and begin on one state directory' },
);
