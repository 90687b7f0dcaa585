import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import {
  addReservations,
  asReserved,
  copyStore,
  copyWithLog,
  manyReserved,
  overwritePage,
  pageCountOf,
  pageSize,
  type Reserved,
  reopen,
  storeWith,
  withSqlite,
} from '../../../test/damaged-store.ts';
import { earlierSchemas } from '../../../test/earlier-schemas.ts';
import { temporaryDirectory } from '../../../test/temporary-candle.ts';
import { lastCommit, noteCommit } from '../state-dir.ts';
import { describeRecovery } from './recovery-report.ts';

const reserved = manyReserved(600);
const database = (stateDir: string) => join(stateDir, 'state.db');
const copy = (stateDir: string) => join(stateDir, 'state.db.last');
const zeros = Buffer.alloc(pageSize);

async function copiedStoreWith(rows: readonly Reserved[]): Promise<string> {
  const stateDir = storeWith(rows);
  await copyStore(stateDir);
  return stateDir;
}

function overwriteHeader(stateDir: string): void {
  writeFileSync(database(stateDir), readFileSync(database(stateDir)).fill(0, 0, 100));
}

test('restores every reservation of a database without its header, and keeps the damaged file', async () => {
  const stateDir = await copiedStoreWith(reserved);
  overwriteHeader(stateDir);
  const bytes = readFileSync(database(stateDir));
  const { reservations, reports } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
  expect(reports).toMatchObject([
    { reason: 'file is not a database', copy: { problem: null }, reservations: { fromCopy: 600, fromRuns: 0 } },
  ]);
  expect(readFileSync(String(reports[0]?.setAside))).toEqual(bytes);
});

test('restores every reservation of a database without its first page', async () => {
  const stateDir = await copiedStoreWith(reserved);
  overwritePage(database(stateDir), 1, zeros);
  const { reservations } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
});

test('restores every reservation if a query finds a lost page', async () => {
  const stateDir = await copiedStoreWith(reserved);
  const page = withSqlite(stateDir, (sqlite) =>
    sqlite
      .prepare("SELECT pageno FROM dbstat WHERE name = 'reservations' AND pagetype = 'leaf' LIMIT 1 OFFSET 3")
      .pluck()
      .get(),
  );
  overwritePage(database(stateDir), Number(page), zeros);
  const { reservations, reports } = reopen(stateDir);
  // Opening reads only the first page; the query finds the damage and repairs it.
  expect(reports).toEqual([]);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
  expect(reports).toHaveLength(1);
});

test('restores every reservation of a truncated database', async () => {
  const stateDir = await copiedStoreWith(reserved);
  truncateSync(database(stateDir), Math.floor(pageCountOf(database(stateDir)) / 3) * pageSize);
  const { reservations } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
});

test.for([
  ['empty', (path: string) => truncateSync(path, 0)],
  ['another file', (path: string) => writeFileSync(path, 'this is not a database at all\n'.repeat(500))],
  ['half a header', (path: string) => truncateSync(path, 50)],
] as const)('restores the last copy of an unreadable database (%s), and reports its age', async ([, damage]) => {
  const stateDir = await copiedStoreWith(reserved.slice(0, 10));
  addReservations(stateDir, reserved.slice(10, 12));
  noteCommit(stateDir, Number(lastCommit(stateDir)) + 2);
  damage(database(stateDir));
  const { reservations, reports } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved.slice(0, 10));
  expect(reports).toHaveLength(1);
  const atMs = statSync(copy(stateDir)).mtimeMs + 45_500;
  expect(
    reports
      .map((report) => describeRecovery({ ...report, atMs }))
      .join('')
      .split('\n'),
  ).toEqual([
    expect.stringContaining(`Warning: Candle's database ${database(stateDir)} could not be used (`),
    'Restored: 10 reservations, 0 running services, 0 earlier runs',
    expect.stringMatching(/^Reserved: ('service-9'|port \d+|'service-9' on port \d+) .*; .* of /),
    `The copy ${copy(stateDir)} was 45 s old and did not contain 2 later changes: ports that were reserved since are lost, except those of running services`,
    'To see all reservations: candle list-reserved-ports --all',
    'To reserve a port again: candle get-or-reserve-port NAME',
  ]);
});

test.for([
  ['is missing', (path: string) => rmSync(path), 'There was no copy'],
  ['is not a database', (path: string) => writeFileSync(path, 'garbage'.repeat(900)), 'file is not a database'],
  ['is empty', (path: string) => truncateSync(path, 0), 'damaged too (it is empty)'],
  ['has a lost page', (path: string) => overwritePage(path, 4, zeros), 'damaged too'],
] as const)('reports that reservations are lost if the copy %s', async ([, damage, problem]) => {
  const stateDir = await copiedStoreWith(reserved);
  overwriteHeader(stateDir);
  damage(copy(stateDir));
  const { reservations, reports } = reopen(stateDir);
  expect(await reservations()).toEqual([]);
  expect(reports).toMatchObject([{ reservations: { fromCopy: 0, fromRuns: 0 } }]);
  const [warning, restored, lost, ...hints] = reports.map(describeRecovery).join('').split('\n');
  expect(warning).toContain('could not be used (file is not a database); it was set aside as');
  expect(restored).toBe('Restored: 0 reservations, 0 running services, 0 earlier runs');
  expect(lost).toContain(problem);
  expect(lost).toContain('ports of services that are not running are lost');
  expect(hints).toEqual([
    'To see all reservations: candle list-reserved-ports --all',
    'To reserve a port again: candle get-or-reserve-port NAME',
  ]);
});

test.for([2, 3])('restores the copy of an earlier build with schema %i', async (schema) => {
  const stateDir = storeWith([]);
  const earlier = new BetterSqlite3(copy(stateDir));
  for (const sql of earlierSchemas.slice(0, schema)) earlier.exec(sql);
  earlier.exec(`INSERT INTO meta VALUES ('oldestReader', 1); PRAGMA user_version = ${schema};
    INSERT INTO reservations VALUES (4000, '/project', 'api', 1000, 1); INSERT INTO port_cursor VALUES (1, 4001, 1)`);
  earlier.close();
  rmSync(database(stateDir));
  const { reservations } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual([{ port: 4000, project: '/project', service: 'api' }]);
});

test('restores requested ports below 4000, and continues the search from 4000', async () => {
  const low = manyReserved(10, 3989);
  const stateDir = storeWith(low);
  withSqlite(stateDir, (sqlite) => sqlite.exec('DELETE FROM port_cursor'));
  await copyStore(stateDir);
  truncateSync(database(stateDir), 0);
  const { reservations, store: restored } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(low);
  expect(await restored.reservations.claim(async (step) => step.cursor())).toBe(4000);
});

test('does not restore a port that was released before the copy', async () => {
  const stateDir = storeWith(reserved.slice(0, 5));
  const { store } = reopen(stateDir);
  await store.reservations.release({ projectDir: String(reserved[3]?.project), port: 4003 });
  await store.finishCopy();
  overwriteHeader(stateDir);
  const { reservations } = reopen(stateDir);
  expect((await reservations()).map(({ port }) => port)).toEqual([4000, 4001, 4002, 4004]);
});

test('copies and restores a reservation that is only in the log', async () => {
  const late = { port: 9000, project: '/late', service: 'api' };
  const stateDir = copyWithLog(storeWith(reserved.slice(0, 300)), (sqlite) => {
    sqlite.prepare("INSERT INTO reservations VALUES (9000, '/late', 'api', 1, 301)").run();
  });
  await copyStore(stateDir);
  writeFileSync(database(stateDir), readFileSync(database(stateDir)).fill(0, 0, 2 * pageSize));
  const { reservations } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual([...reserved.slice(0, 300), late]);
});

test('restores a database despite a garbage log', async () => {
  const stateDir = await copiedStoreWith(reserved);
  overwriteHeader(stateDir);
  writeFileSync(`${database(stateDir)}-wal`, Buffer.alloc(50_000, 'garbage'));
  const { reservations } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
});

test('restores a missing database whose log is left, and sets the log aside', async () => {
  const stateDir = copyWithLog(storeWith([]), (sqlite) => {
    sqlite.prepare("INSERT INTO reservations VALUES (9000, '/late', 'api', 1, 1)").run();
  });
  copyFileSync(copy(await copiedStoreWith(reserved)), copy(stateDir));
  rmSync(database(stateDir));
  const { reservations, reports } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
  expect(reports).toMatchObject([
    { reason: 'it is missing, but its log still exists', setAside: expect.stringMatching(/damaged-.*-wal$/) },
  ]);
});

test('restores a missing database from its copy, or creates an empty one without a copy', async () => {
  const stateDir = await copiedStoreWith(reserved.slice(0, 10));
  rmSync(database(stateDir));
  const restored = reopen(stateDir);
  expect((await restored.reservations()).map(asReserved)).toEqual(reserved.slice(0, 10));
  expect(restored.reports).toMatchObject([{ reason: 'it is missing', setAside: null }]);

  const empty = temporaryDirectory();
  mkdirSync(join(empty, 'runs'));
  const fresh = reopen(empty);
  expect([await fresh.reservations(), fresh.reports]).toEqual([[], []]);
});

test('continues the search for the next port where it was', async () => {
  const stateDir = storeWith(reserved.slice(0, 10));
  withSqlite(stateDir, (sqlite) => sqlite.exec('UPDATE port_cursor SET next_port = 5000'));
  await copyStore(stateDir);
  overwriteHeader(stateDir);
  const { store } = reopen(stateDir);
  expect(await store.reservations.claim(async (step) => step.cursor())).toBe(5000);
});

test('continues after the newest reservation if the copy has no cursor', async () => {
  const stateDir = storeWith([...reserved.slice(5, 10), ...reserved.slice(0, 3)]);
  withSqlite(stateDir, (sqlite) => sqlite.exec('DELETE FROM port_cursor'));
  await copyStore(stateDir);
  overwriteHeader(stateDir);
  const { store } = reopen(stateDir);
  expect(await store.reservations.claim(async (step) => step.cursor())).toBe(4003);
});

test('resumes a recovery that was interrupted after its first step, and keeps the file that was set aside', async () => {
  const stateDir = await copiedStoreWith(reserved);
  const aside = `${database(stateDir)}.damaged-20260101T000000.000Z`;
  copyFileSync(database(stateDir), aside);
  rmSync(database(stateDir));
  const { reservations, reports } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
  expect(reports).toMatchObject([{ setAside: aside, reason: 'its recovery was interrupted' }]);
  // The recovery is complete: if the database is removed again, that file is not reported a second time.
  rmSync(database(stateDir));
  expect(reopen(stateDir).reports).toMatchObject([{ reason: expect.stringMatching(/^it is missing/) }]);
});

test('keeps each damaged database under a unique name', async () => {
  const stateDir = storeWith(reserved.slice(0, 2));
  for (const _ of [1, 2, 3]) {
    writeFileSync(database(stateDir), 'damaged');
    expect(reopen(stateDir).reports).toHaveLength(1);
  }
  expect(readdirSync(stateDir).filter((name) => /damaged-[^.]*\.\d+Z$/.test(name))).toHaveLength(3);
});

test('a store that was opened before the damage continues with the restored database', async () => {
  const stateDir = storeWith(reserved);
  const early = reopen(stateDir);
  const other = reopen(stateDir);
  expect(await early.reservations()).toHaveLength(600);
  writeFileSync(`${database(stateDir)}.other`, 'damaged');
  rmSync(database(stateDir));
  copyFileSync(`${database(stateDir)}.other`, database(stateDir));
  expect(early.store.isInPlace()).toBe(false);
  expect(await early.reservations()).toEqual([]);
  expect(early.reports).toHaveLength(1);
  await early.store.reservations.claim(async (step) =>
    step.insert({ port: 4711, projectDir: '/later', serviceName: null, reservedAtMs: 0 }, { movesCursor: true }),
  );
  expect((await other.reservations()).map(({ port }) => port)).toEqual([4711]);
  expect(other.reports).toEqual([]);
});

test('repeats a write on the new database if the old one was moved away during the write', async () => {
  const stateDir = storeWith(reserved.slice(0, 3));
  const slow = reopen(stateDir);
  let rounds = 0;
  await slow.store.reservations.claim(async (step) => {
    if (rounds++ === 0) {
      rmSync(database(stateDir));
      reopen(stateDir);
    }
    step.insert({ port: 4100, projectDir: '/slow', serviceName: 'api', reservedAtMs: 0 }, { movesCursor: true });
  });
  expect(rounds).toBe(2);
  expect((await reopen(stateDir).reservations()).map(({ port }) => port)).toContain(4100);
});

test("does not restore a newer Candle's database", async () => {
  const stateDir = storeWith(reserved);
  withSqlite(stateDir, (sqlite) => sqlite.pragma('user_version = 99'));
  overwritePage(database(stateDir), 1, Buffer.concat([readFileSync(database(stateDir)).subarray(0, 100), zeros]));
  const before = readFileSync(database(stateDir));
  expect(() => reopen(stateDir)).toThrow('was created by a newer Candle (schema 99');
  expect(readFileSync(database(stateDir))).toEqual(before);
});

test('does not replace a damaged database if a newer Candle made its copy', async () => {
  const stateDir = await copiedStoreWith(reserved);
  const newer = new BetterSqlite3(copy(stateDir));
  newer.exec("UPDATE meta SET value = 99 WHERE key = 'oldestReader'; PRAGMA user_version = 99");
  newer.close();
  overwriteHeader(stateDir);
  const before = readFileSync(database(stateDir));
  expect(() => reopen(stateDir)).toThrow(`${copy(stateDir)} was created by a newer Candle (schema 99`);
  expect(readFileSync(database(stateDir))).toEqual(before);
});
