import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CandleOptions, type Sandbox, until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { unusableStateDirs } from '../bad-input/unusable-state-dirs.ts';
import { sandbox } from '../sandbox.ts';
import { fillStore } from '../store.ts';
import { awaitSupervisor, endSupervisor, killHard, supervisorProcesses } from '../supervisor-of.ts';

const config = { services: [{ name: 'api', shell: 'exec sleep 600' }] };

interface Finding {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly hint: string | null;
}

/** The findings of doctor that are not `ok`, and its exit code. */
async function diagnose(box: Sandbox, options?: CandleOptions): Promise<{ exitCode: number; found: Finding[] }> {
  const { stdout, stderr, exitCode } = await box.candle(['doctor', '--json'], options);
  expect(stderr).toBe('');
  const { checks }: { checks: Finding[] } = JSON.parse(stdout);
  expect(new Set(checks.map(({ name }) => name)).size).toBe(13);
  return { exitCode, found: checks.filter(({ status }) => status !== 'ok') };
}

test('without a state directory, doctor finds no problems and creates nothing', async () => {
  const box = sandbox({ config });
  expect(await diagnose(box)).toEqual({ exitCode: 0, found: [] });
  expect(existsSync(box.stateDir)).toBe(false);
});

test('if everything is in order, every line of the text output is ok', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const { stdout, stderr, exitCode } = await box.candle(['doctor']);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('ok '))).toEqual([]);
  expect(stdout).toContain(`${box.stateDir}/state.db is intact (schema `);
});

test('a damaged database is a problem, and doctor does not restore it', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  writeFileSync(join(box.stateDir, 'state.db'), 'damaged');
  const { exitCode, found } = await diagnose(box);
  expect(exitCode).toBe(1);
  expect(found).toMatchObject([
    { name: 'database', status: 'problem', message: expect.stringContaining('is damaged (file is not a database)') },
  ]);
  expect(readdirSync(box.stateDir).toSorted()).toEqual([
    'state.db',
    'state.db-journal',
    'state.db.commit',
    'state.db.last',
  ]);
  await box.candle(['ps']);
  const after = await diagnose(box);
  expect(after.exitCode).toBe(0);
  expect(after.found).toMatchObject([{ name: 'database', status: 'warning', hint: expect.stringContaining('rm ') }]);
});

test('a damaged copy of the database, and one without the latest reservations, is a warning', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const copy = join(box.stateDir, 'state.db.last');
  const warnings = async () => (await diagnose(box)).found.filter(({ name }) => name === 'database');
  await fillStore(box, [4900]);
  expect(await warnings()).toEqual([]);
  const hourAgo = Date.now() / 1000 - 3600;
  utimesSync(copy, hourAgo, hourAgo);
  expect(await warnings()).toMatchObject([
    {
      status: 'warning',
      message: expect.stringMatching(/is intact .*, but the latest reservations are not in its copy$/),
    },
  ]);
  writeFileSync(copy, 'damaged');
  expect(await warnings()).toMatchObject([
    { status: 'warning', message: expect.stringMatching(/is intact .*, but its copy is damaged \(.+\)$/) },
  ]);
  await box.candle(['reserve-port', 'web']);
  expect(await warnings()).toEqual([]);
});

test('a database that was deleted while a service runs is a problem', async () => {
  const box = sandbox({ config });
  await box.candle(['start', 'api', '--bg']);
  await awaitSupervisor(box);
  // A supervisor would restore the database.
  await until('no supervisor is running', () => {
    const left = supervisorProcesses(box);
    left.forEach(killHard);
    return left.length === 0;
  });
  rmSync(join(box.stateDir, 'state.db'));
  const { exitCode, found } = await diagnose(box);
  expect(exitCode).toBe(1);
  expect(found[0]).toMatchObject({
    name: 'database',
    status: 'problem',
    // The supervisor may have been killed during a write, so that its journal is left.
    message: expect.stringContaining('is missing'),
  });
  expect((await box.candle(['kill'])).stdout).toBe("[Stopped process 'api']\n");
});

test.for(unusableStateDirs)('a state directory that $title does not make doctor crash', async ({ make }) => {
  const box = sandbox({ config });
  const { exitCode, stdout, stderr } = await box.candle(['doctor'], { env: { CANDLE_STATE_DIR: make(box.root) } });
  expect([exitCode === 0 || exitCode === 1, stderr]).toEqual([true, '']);
  expect(stdout).toContain('versions');
});

test('each finding is a warning with a hint', async () => {
  const box = sandbox({ config });
  const gone = join(box.root, 'gone');
  mkdirSync(gone);
  await box.candle(['reserve-port', 'web'], { cwd: gone });
  rmSync(gone, { recursive: true });
  const { port } = await box.candleJson(['reserve-port', 'taken']);
  const listener = spawn(process.execPath, [
    '-e',
    `require('node:net').createServer().listen(${port}, () => console.log('listens'))`,
  ]);
  onTestFinished(() => void listener.kill('SIGKILL'));
  await once(listener.stdout, 'data');
  await box.candle(['start', 'api', '--bg']);
  const stray = join(box.stateDir, 'runs', 'mwrxabcd-0123456789ab');
  mkdirSync(stray);
  chmodSync(box.stateDir, 0o755);

  const { exitCode, found } = await diagnose(box);
  expect(exitCode).toBe(0);
  expect(found.filter(({ name }) => name !== 'supervisor')).toEqual([
    {
      name: 'state directory',
      status: 'warning',
      message: expect.stringContaining('Other users can access'),
      hint: `To deny them access: chmod 700 ${box.stateDir}`,
    },
    {
      name: 'runs',
      status: 'warning',
      message: expect.stringContaining('1 run directory belongs to no run'),
      hint: `To delete it: rm -r ${stray}`,
    },
    {
      name: 'reservations',
      status: 'warning',
      message: expect.stringContaining('1 project that no longer exists'),
      hint: `To list the reserved ports: candle list-reserved-ports --all\nTo release its ports: candle release-ports --project ${gone}`,
    },
    {
      name: 'reserved ports',
      status: 'warning',
      message: expect.stringContaining(`Port ${port}, reserved for service 'taken'`),
      hint: expect.any(String),
    },
  ]);
});

test('a program that is not in the database is a problem, and the command in the hint stops it', async () => {
  const box = sandbox({ config });
  await box.candle(['start', 'api', '--bg']);
  // It would adopt the program.
  await endSupervisor(box);
  const [id = ''] = readdirSync(join(box.stateDir, 'runs')).filter((name) => name.includes('-'));
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(box.stateDir, 'state.db'), { timeout: 10_000 });
  database.exec('DELETE FROM runs');
  database.close();
  const { exitCode, found } = await diagnose(box);
  expect(exitCode).toBe(1);
  const [orphan] = found.filter(({ status }) => status === 'problem');
  expect(orphan).toMatchObject({ name: 'runs', message: expect.stringContaining(id) });
  const pid = Number(/kill -- -(\d+)/.exec(orphan?.hint ?? '')?.[1]);
  process.kill(-pid, 'SIGKILL');
  await expect.poll(() => box.processes()).toEqual([]);
});

test('a supervisor.json with the pid of another process is ignored', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  writeFileSync(
    join(box.stateDir, 'supervisor.json'),
    JSON.stringify({ pid: process.pid, startToken: '1', version: '0.0.0', startedAtMs: 0 }),
  );
  const { stdout } = await box.candle(['doctor']);
  expect(stdout).toMatch(/^ok +supervisor +None, and none is needed: no service is running$/m);
});
