import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyStore, reopen, storeWith } from '../../../test/damaged-store.ts';
import { temporaryDirectory } from '../../../test/temporary-candle.ts';
import type { Run } from '../../runs/run.ts';
import { noteInRunRecord, runDir, writeRunRecord } from '../../runs/run-record.ts';
import { lastCommit, noteCommit } from '../state-dir.ts';
import { describeRecovery } from './recovery-report.ts';

let started = 0;

function run(change: Partial<Run> = {}): Run {
  started++;
  return {
    ...{ id: `mwrxab${started}-0123456789ab`, projectDir: '/shop', serviceName: 'api', generation: started },
    ...{ status: 'starting', shell: 'npm run dev', root: '/shop', port: null, fingerprint: 'f', bootId: 'b' },
    ...{ shim: null, startedAtMs: 1000 + started, endedAtMs: null, exitCode: null, exitSignal: null, endReason: null },
    ...{ attempt: 0, startedMonotonicMs: null, confirmedAtMs: null, logStart: null, owner: null },
    ...change,
  };
}

/** Creates a run directory as a start leaves it. */
async function leave(
  stateDir: string,
  left: Run,
  { transient = null as { shell: string; root: null } | null, pid = '' } = {},
) {
  const dir = runDir(stateDir, left.id);
  mkdirSync(dir.path, { recursive: true });
  writeFileSync(dir.pid, pid);
  await writeRunRecord(dir, { run: left, transient });
  return left;
}

const shim = { pid: 4711, startToken: '1' };
const ended = { status: 'exited', endedAtMs: 3000, exitCode: 0, exitSignal: null, endReason: 'stopped' } as const;

test('restores a run that is not over as active, with its shim, its port and its service', async () => {
  const stateDir = temporaryDirectory();
  const left = await leave(stateDir, run({ port: 4010, shim, status: 'running' }), { pid: '4711' });
  const { store, reservations, reports } = reopen(stateDir);
  expect(await store.runs.listActive()).toEqual([{ ...left, confirmedAtMs: left.startedAtMs }]);
  expect(await reservations()).toMatchObject([{ port: 4010, projectDir: '/shop', serviceName: 'api' }]);
  expect(await store.services.list()).toMatchObject([
    { name: 'api', transient: null, desired: 'up', request: { generation: left.generation, owner: { pid: 0 } } },
  ]);
  expect(await store.reservations.claim(async (step) => step.cursor())).toBe(4011);
  expect(reports).toMatchObject([{ reason: 'it is missing', activeRuns: 1, reservations: { fromRuns: 1 } }]);
});

test('restores a start that was interrupted before its shim wrote a pid as unconfirmed', async () => {
  const stateDir = temporaryDirectory();
  const left = await leave(stateDir, run());
  expect(await reopen(stateDir).store.runs.listActive()).toEqual([left]);
});

test('restores runs that are over, oldest first, without starting their service', async () => {
  const stateDir = temporaryDirectory();
  const first = await leave(stateDir, run());
  await noteInRunRecord(runDir(stateDir, first.id), { ...first, ...ended });
  const second = await leave(stateDir, run({ ...ended, exitCode: 3 }));
  const { store } = reopen(stateDir);
  expect(await store.runs.listOfService('/shop', 'api')).toEqual([{ ...first, ...ended }, second]);
  expect(await store.services.list()).toMatchObject([{ desired: 'down', pendingRestart: { nextRestartAtMs: null } }]);
});

test('restores runs of builds before the first release, whose records have other names', async () => {
  const stateDir = temporaryDirectory();
  const left = run({ ...ended, shim, endReason: 'exited' });
  const { generation, shim: guard, ...rest } = left;
  const dir = runDir(stateDir, left.id);
  mkdirSync(dir.path, { recursive: true });
  const earlier = { ...rest, ticket: generation, guard, endReason: 'itself' };
  writeFileSync(dir.record, JSON.stringify({ run: earlier, transient: null }));
  expect(await reopen(stateDir).store.runs.listOfService('/shop', 'api')).toEqual([left]);
});

test('of two runs without a recorded end, only the newer one is active', async () => {
  const stateDir = temporaryDirectory();
  const older = await leave(stateDir, run({ shim }));
  const newer = await leave(stateDir, run({ shim }));
  const { store } = reopen(stateDir);
  expect((await store.runs.listActive()).map(({ id }) => id)).toEqual([newer.id]);
  expect((await store.runs.listOfService('/shop', 'api'))[0]).toMatchObject({ id: older.id, endReason: 'lost' });
});

test('restores a transient service with its definition', async () => {
  const stateDir = temporaryDirectory();
  await leave(stateDir, run(ended), { transient: { shell: 'npx serve', root: null } });
  expect(await reopen(stateDir).store.services.list()).toMatchObject([
    { transient: { shell: 'npx serve', root: null } },
  ]);
});

test('skips an invalid run record', async () => {
  const stateDir = temporaryDirectory();
  const left = await leave(stateDir, run(ended));
  for (const [name, text] of [
    ['mwrxaaaa-0123456789ab', '{"run": {"id": 1}}'],
    ['mwrxaaab-0123456789ab', 'not JSON'],
  ] as const) {
    mkdirSync(join(stateDir, 'runs', name));
    writeFileSync(join(stateDir, 'runs', name, 'run.json'), text);
  }
  expect((await reopen(stateDir).store.runs.listOfService('/shop', 'api')).map(({ id }) => id)).toEqual([left.id]);
});

/** Creates a database with a ready run of `api`, whose output was cleared, and a service `docs` that never ran. */
async function storeWithServices(): Promise<{ stateDir: string; known: Run }> {
  const stateDir = storeWith([]);
  const { store } = reopen(stateDir);
  const owner = { pid: 99, startToken: '7' };
  const transient = { shell: 'npx serve', root: 'docs' };
  await store.services.request({ projectDir: '/shop', name: 'docs', verb: 'start', owner, transient });
  const api = { projectDir: '/shop', name: 'api' };
  const generation = await store.services.request({ ...api, verb: 'start', owner, transient: null });
  await store.services.tryLock(api, owner, 5, () => true);
  const known = run({ generation, shim, status: 'ready', confirmedAtMs: 7, logStart: '0.12' });
  await store.runs.insert(known);
  await store.runs.apply(known.id, { kind: 'spawned', shim });
  await store.runs.confirm(known.id, 7, { kind: 'served' });
  store.close();
  await copyStore(stateDir);
  return { stateDir, known };
}

function removeDatabase(stateDir: string): void {
  rmSync(join(stateDir, 'state.db'));
}

test('restores from the copy what the record of a run does not contain', async () => {
  const { stateDir, known } = await storeWithServices();
  await leave(
    stateDir,
    { ...known, status: 'starting', confirmedAtMs: null, logStart: null, owner: null },
    { pid: '4711' },
  );
  removeDatabase(stateDir);
  expect(await reopen(stateDir).store.runs.listActive()).toEqual([known]);
});

test('restores the end of a run from its record if the copy is older', async () => {
  const { stateDir, known } = await storeWithServices();
  await leave(stateDir, { ...known, ...ended, confirmedAtMs: null, logStart: null });
  removeDatabase(stateDir);
  const { store } = reopen(stateDir);
  expect(await store.runs.listActive()).toEqual([]);
  expect(await store.runs.listOfService('/shop', 'api')).toEqual([{ ...known, ...ended }]);
});

test('restores a run whose record is missing from the copy, but not a run whose directory is gone', async () => {
  const { stateDir, known } = await storeWithServices();
  mkdirSync(runDir(stateDir, known.id).path, { recursive: true });
  removeDatabase(stateDir);
  expect(await reopen(stateDir).store.runs.listActive()).toEqual([known]);
  rmSync(join(stateDir, 'runs'), { recursive: true });
  removeDatabase(stateDir);
  expect(await reopen(stateDir).store.runs.listActive()).toEqual([]);
});

test('restores services from the copy, starts none of them, and releases their locks', async () => {
  const { stateDir, known } = await storeWithServices();
  await leave(stateDir, known);
  removeDatabase(stateDir);
  expect(await reopen(stateDir).store.services.list()).toMatchObject([
    { name: 'api', transient: null, desired: 'up', lock: null, request: { generation: known.generation } },
    { name: 'docs', transient: { shell: 'npx serve', root: 'docs' }, desired: 'down', lock: null },
  ]);
});

test('restores the definition of a transient service that was started after the copy', async () => {
  const { stateDir } = await storeWithServices();
  const transient = { shell: 'npx serve --new', root: null };
  await leave(stateDir, run({ serviceName: 'docs', generation: 50 }), { transient });
  removeDatabase(stateDir);
  const { store } = reopen(stateDir);
  expect(await store.services.list()).toMatchObject([{ name: 'api' }, { name: 'docs', transient, desired: 'up' }]);
});

test('lists what was restored, and the port of a service that ran after the copy was made and has ended', async () => {
  const { stateDir } = await storeWithServices();
  const startedAtMs = Date.now() + 60_000;
  const web = await leave(stateDir, run({ serviceName: 'web', port: 4010, shim, startedAtMs }), { pid: '4711' });
  await leave(stateDir, run({ serviceName: 'docs', port: 4011, startedAtMs, ...ended }));
  // As the commits of both starts did.
  noteCommit(stateDir, Number(lastCommit(stateDir)) + 8);
  removeDatabase(stateDir);
  const { store, reports } = reopen(stateDir);
  await store.runs.listActive();
  const of = (serviceName: string, port: number | null) => ({ serviceName, port, projectDir: '/shop' });
  expect(reports).toMatchObject([
    { names: { reservations: [of('web', web.port)], running: [of('web', web.port)], lost: [of('docs', 4011)] } },
  ]);
  const text = reports.map(describeRecovery).join('');
  expect(text).toContain("\nReserved: 'web' on port 4010 of /shop\n");
  expect(text).toContain("\nNot reserved any more: 'docs' on port 4011 of /shop\n");
  expect(text).toContain('To reserve a port again: candle reserve-port docs --port 4011 --project /shop');
});

test('names at most ten of many reservations', async () => {
  const stateDir = storeWith(
    Array.from({ length: 12 }, (_, index) => ({ port: 4000 + index, project: '/shop', service: `s${index}` })),
  );
  await copyStore(stateDir);
  removeDatabase(stateDir);
  const { store, reports } = reopen(stateDir);
  await store.runs.listActive();
  const [line = ''] = reports
    .map(describeRecovery)
    .join('')
    .split('\n')
    .filter((each) => each.startsWith('Reserved'));
  expect(line.split('; ')).toHaveLength(11);
  expect(line).toMatch(/^Reserved: 's11' on port 4011 of \/shop; .*; and 2 others$/);
});
