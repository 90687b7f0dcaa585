import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runProgram, type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { boxOn, mountReadOnly, mountSmallDisk, takeInodes, whyNoMount } from '../bad-input/small-disk.ts';
import { inPart } from '../bounded.ts';
import { serveMcp } from '../mcp/mcp-client.ts';
import { bin, sandbox } from '../sandbox.ts';
import {
  awaitNoSupervisor,
  awaitSupervisor,
  killHard,
  type SupervisorFacts,
  supervisorProcesses,
} from '../supervisor-of.ts';

/** Adds a line to the file `starts` of the project at each start, and then runs until it is stopped. */
const counted = 'echo started >> starts; exec sleep 600';
const service = { name: 'api', shell: counted, ready: false, restart: { policy: 'always', delay: '50ms' } };

function startsOf({ projectDir }: Sandbox): number {
  const path = join(projectDir, 'starts');
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').length : 0;
}

interface Recorded {
  readonly name: string;
  readonly desired: string;
  readonly nextRestartAtMs: number | null;
  readonly endReason: string | null;
}

/** What the database says about the services and their last runs, read without running candle. */
function recorded({ stateDir }: Sandbox): readonly Recorded[] {
  const database = new DatabaseSync(join(stateDir, 'state.db'), { timeout: 10_000 });
  try {
    const query = `SELECT name, desired, next_restart_at_ms AS nextRestartAtMs, end_reason AS endReason, max(started_at_ms)
      FROM services JOIN runs ON service_name = name AND runs.project_dir = services.project_dir
      GROUP BY services.project_dir, name`;
    return database.prepare(query).all() as unknown as readonly Recorded[];
  } finally {
    database.close();
  }
}

const stoppedForGood = { desired: 'down', nextRestartAtMs: null, endReason: 'stopped' };

async function awaitRecorded(box: Sandbox, names = ['api']): Promise<void> {
  const stopped = () => recorded(box).filter(({ name }) => names.includes(name));
  await until('the stop is recorded', () => stopped().every(({ endReason }) => endReason !== null));
  for (const service of stopped()) expect(service).toMatchObject(stoppedForGood);
  expect(startsOf(box)).toBe(1);
}

async function startSupervised(box: Sandbox): Promise<SupervisorFacts> {
  expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 0 });
  return awaitSupervisor(box);
}

/** Stops the service, and expects that this is not recorded, for a reason that contains the given words. */
async function stopUnrecorded(box: Sandbox, reason: string): Promise<void> {
  const { services } = await box.candleJson(['kill', 'api']);
  expect(services).toMatchObject([{ name: 'api', stopped: true, recorded: false }]);
  expect(services[0].recordingProblem).toContain(reason);
  expect(box.processes()).toEqual([]);
}

async function expectReadable(box: Sandbox): Promise<void> {
  for (const command of [['ps'], ['list'], ['logs', 'api']]) {
    expect(await box.candle(command)).toMatchObject({ exitCode: 0 });
  }
  expect((await box.candleJson(['list', 'api'])).services).toMatchObject([{ status: 'not running', running: false }]);
}

function killSupervisor(box: Sandbox, { pid, watchdog }: SupervisorFacts): Promise<void> {
  // The watchdog first, because it would start another.
  if (watchdog) killHard(watchdog.pid);
  killHard(pid);
  return awaitNoSupervisor(box);
}

test('on a full disk, kill stops a service that its policy restarts, and it stays stopped when there is space', async ({
  skip,
}) => {
  const opened = sandbox({ config: { services: [service] } });
  const disk = mountSmallDisk(opened, 4096) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  await startSupervised(box);
  disk.fill(0);
  await stopUnrecorded(box, 'the disk is full');
  expect(await box.candle(['kill', 'api'])).toMatchObject({
    exitCode: 0,
    stdout: "Service 'api' is not running\n",
    stderr: expect.stringMatching(/the disk is full.*Free some disk space.*candle get-doc full-disk/s),
  });
  await expectReadable(box);
  disk.free();
  await awaitRecorded(box);
});

test('a stop on a full disk survives a supervisor that is killed before there is space', async ({ skip }) => {
  const opened = sandbox({ config: { services: [service] } });
  const disk = mountSmallDisk(opened, 4096) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  const first = await startSupervised(box);
  disk.fill(0);
  await stopUnrecorded(box, 'the disk is full');
  killHard(first.pid);
  await until('the watchdog has started another', () => supervisorProcesses(box).some((pid) => !isOf(first, pid)));
  disk.free();
  await awaitRecorded(box);
});

test('a start after the stop wins, and the service is restarted by its policy again', async ({ skip }) => {
  const opened = sandbox({ config: { services: [service] } });
  const disk = mountSmallDisk(opened, 4096) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  await killSupervisor(box, await startSupervised(box));
  disk.fill(0);
  await stopUnrecorded(box, 'the disk is full');
  disk.free();
  await startSupervised(box);
  for (const { pid, command } of box.processes()) if (command.startsWith('sleep 600')) killHard(pid);
  await until('the policy has restarted it', () => startsOf(box) === 3);
  expect((await box.candleJson(['kill', 'api'])).services).toMatchObject([{ stopped: true, recorded: true }]);
});

test.for([true, false])(
  'on a read-only mount, kill works (with a supervisor: %s), and the service stays stopped',
  async (isSupervised, { skip }) => {
    const box = sandbox({ config: { services: [service] } });
    const supervisor = await startSupervised(box);
    if (!isSupervised) await killSupervisor(box, supervisor);
    const unmount = mountReadOnly(box.stateDir) ?? skip(whyNoMount);
    await stopUnrecorded(box, 'the file system is read-only');
    await expectReadable(box);
    unmount();
    // Without a supervisor, this command starts one.
    expect(await box.candle(['ps'])).toMatchObject({ exitCode: 0 });
    await awaitRecorded(box);
  },
);

test('on a read-only mount, a supervisor that has nothing left to do exits without an error', async ({ skip }) => {
  const box = sandbox({ config: { services: [service] } });
  await startSupervised(box);
  expect(await box.candle(['kill'])).toMatchObject({ exitCode: 0 });
  const runs = join(box.stateDir, 'runs');
  const isCopied = () => readdirSync(runs).every((run) => !existsSync(join(runs, run, 'spool')));
  await until('the supervisor has copied the output', isCopied);
  mountReadOnly(box.stateDir) ?? skip(whyNoMount);
  await awaitNoSupervisor(box);
  expect(readFileSync(join(box.stateDir, 'supervisor.log'), 'utf8')).toBe('');
});

test('if only the command cannot write, the supervisor records the stop', async ({ skip }) => {
  const box = sandbox({ config: { services: [service] } });
  await startSupervised(box);
  const script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 77; shift; exec "$@"';
  const kill = await runProgram(
    'unshare',
    ['--mount', 'sh', '-c', script, 'sh', box.stateDir, process.execPath, bin, 'kill', '--json'],
    { cwd: box.projectDir, env: box.env },
  );
  if (kill.exitCode === 77 || kill.stderr.startsWith('unshare')) skip(whyNoMount);
  expect(JSON.parse(kill.stdout).services).toMatchObject([{ stopped: true, recorded: true }]);
  await awaitRecorded(box);
});

test('without free inodes, kill stops the service, and the error of a start says why', async ({ skip }) => {
  const opened = sandbox({ config: { services: [service] } });
  const disk = mountSmallDisk(opened, 4096, { inodes: 80 }) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  await startSupervised(box);
  const release = takeInodes(disk);
  const { error } = await box.candleJson(['start', 'other', '--shell', 'sleep 600', '--bg']);
  expect(error.message).toContain('the file system has no free inodes');
  expect(error.hint).toContain('df -i');
  const { services } = await box.candleJson(['kill', 'api']);
  expect(services).toMatchObject([{ name: 'api', stopped: true }]);
  expect(box.processes()).toEqual([]);
  await expectReadable(box);
  release();
  await awaitRecorded(box);
});

test('with a limit of 40 open files, kill stops the service', async () => {
  const box = sandbox({ config: { services: [service] } });
  await startSupervised(box);
  const kill = await runProgram(
    'sh',
    ['-c', 'ulimit -n 40; exec "$@"', 'sh', process.execPath, bin, 'kill', '--json'],
    { cwd: box.projectDir, env: box.env },
  );
  expect(JSON.parse(kill.stdout).services).toMatchObject([{ stopped: true }]);
  await awaitRecorded(box);
});

test('kill-all on a full disk stops the services of all projects', async ({ skip }) => {
  const opened = sandbox({
    config: {
      services: [
        service,
        { ...service, name: 'web', shell: 'exec sleep 600', stopCommand: 'echo stopped > web-stopped' },
      ],
    },
  });
  const disk = mountSmallDisk(opened, 4096) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  const other = join(box.root, 'other');
  mkdirSync(other);
  writeFileSync(join(other, '.candle.json'), JSON.stringify({ services: [service] }));
  await startSupervised(box);
  expect(await box.candle(['start', '--bg'], { cwd: other })).toMatchObject({ exitCode: 0 });
  disk.fill(0);
  const { services } = await box.candleJson(['kill-all']);
  const expected = { stopped: true, recorded: false, stopCommandProblem: null };
  expect(services).toMatchObject(Array.from({ length: 3 }, () => expected));
  expect(existsSync(join(box.projectDir, 'web-stopped'))).toBe(true);
  expect(box.processes()).toEqual([]);
  disk.free();
  await awaitRecorded(box, ['api', 'web']);
});

// There is space for the request to stop, but not for the end of the run.
inPart(1).for([8, 16, 24, 32])('with %i KiB free, a stop is recorded as a stop', async (freeKiB, { skip }) => {
  const opened = sandbox({ config: { services: [service] } });
  const disk = mountSmallDisk(opened, 4096) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  await startSupervised(box);
  disk.fill(freeKiB);
  expect((await box.candleJson(['kill', 'api'])).services).toMatchObject([{ stopped: true }]);
  expect((await box.candle(['logs', 'api'])).stdout).toMatch(/^--- stopped /m);
  disk.free();
  await awaitRecorded(box);
});

test('on a full disk, KillService says that the stop is not recorded', async ({ skip }) => {
  const opened = sandbox({ config: { services: [service] } });
  const disk = mountSmallDisk(opened, 4096) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  await startSupervised(box);
  const mcp = await serveMcp(box);
  disk.fill(0);
  const { services } = await mcp.ask('KillService', { name: 'api' });
  await mcp.close();
  expect(services).toMatchObject([{ name: 'api', stopped: true, recorded: false }]);
  expect(services[0].recordingProblem).toContain('the disk is full');
  expect(box.processes()).toEqual([]);
  disk.free();
  await awaitRecorded(box);
});

test('16 kills at once on a full disk, some of them killed, stop the service', async ({ skip }) => {
  const opened = sandbox({ config: { services: [service] } });
  const disk = mountSmallDisk(opened, 4096) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  await startSupervised(box);
  disk.fill(0);
  const options = { cwd: box.projectDir, env: { ...box.env, CANDLE_STATE_DIR: box.stateDir } };
  const killed = ['0.1', '0.2', '0.3', '0.4'].map((seconds) =>
    runProgram('timeout', ['-s', 'KILL', seconds, process.execPath, bin, 'kill', 'api'], options),
  );
  const kills = await Promise.all([...killed, ...Array.from({ length: 12 }, () => box.candle(['kill', 'api']))]);
  expect(kills.slice(killed.length).map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: 12 }, () => 0));
  expect(box.processes()).toEqual([]);
  disk.free();
  await awaitRecorded(box);
});

function isOf({ pid, watchdog }: SupervisorFacts, process: number): boolean {
  return process === pid || process === watchdog?.pid;
}
