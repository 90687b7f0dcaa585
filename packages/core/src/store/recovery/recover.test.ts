import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  addReservations,
  asReserved,
  copyWithLog,
  isLost,
  manyReserved,
  overwritePage,
  pageCountOf,
  pageSize,
  reopen,
  storeWith,
  withSqlite,
} from '../../../test/damaged-store.ts';
import { temporaryDirectory } from '../../../test/temporary-candle.ts';

const reserved = manyReserved(600);
const database = (stateDir: string) => join(stateDir, 'state.db');
const zeros = Buffer.alloc(pageSize);

test('restores every reservation from a database without its header', async () => {
  const stateDir = storeWith(reserved);
  const bytes = readFileSync(database(stateDir));
  writeFileSync(database(stateDir), bytes.fill(0, 0, 100));
  const { reservations, reports } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
  expect(reports).toMatchObject([{ reason: 'file is not a database', reservations: { fromDatabase: 600, lost: [] } }]);
  expect(readFileSync(String(reports[0]?.setAside))).toEqual(bytes);
});

test('restores every reservation from a database without its first page', async () => {
  const stateDir = storeWith(reserved);
  overwritePage(database(stateDir), 1, zeros);
  const { reservations } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
});

test('restores the reservations of services on a lost page from an index, and reports the rest as lost', async () => {
  const stateDir = storeWith(reserved);
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
  const restored = (await reservations()).map(asReserved);
  expect(reports).toHaveLength(1);
  const missing = reserved.filter(({ port }) => !restored.some((each) => each.port === port));
  expect(missing.length).toBeGreaterThan(0);
  expect(missing.filter(({ service, port }) => service !== null || !isLost(reports[0], port))).toEqual([]);
  expect(restored).toEqual(reserved.filter((each) => !missing.includes(each)));
});

test('restores the readable part of a truncated database, and reports the ports of the rest as lost', async () => {
  const stateDir = storeWith(reserved);
  truncateSync(database(stateDir), Math.floor(pageCountOf(database(stateDir)) / 3) * pageSize);
  const { reservations, reports } = reopen(stateDir);
  const restored = (await reservations()).map(asReserved);
  expect(reserved).toEqual(expect.arrayContaining(restored));
  expect(restored.length).toBeGreaterThan(0);
  const ports = new Set(restored.map(({ port }) => port));
  for (const { port } of reserved) expect([port, ports.has(port) || isLost(reports[0], port)]).toEqual([port, true]);
});

test.for([
  ['empty', (path: string) => truncateSync(path, 0)],
  ['another file', (path: string) => writeFileSync(path, 'this is not a database at all\n'.repeat(500))],
  ['half a header', (path: string) => truncateSync(path, 50)],
] as const)('restores the last copy of an unreadable database (%s)', async ([, damage]) => {
  const stateDir = storeWith(reserved.slice(0, 10));
  const { store } = reopen(stateDir);
  await store.copy();
  store.close();
  addReservations(stateDir, reserved.slice(10, 12));
  damage(database(stateDir));
  const { reservations, reports } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved.slice(0, 10));
  expect(reports).toMatchObject([
    { reservations: { fromDatabase: 0, fromCopy: 10, lost: [{ first: 4010, last: 65535 }] } },
  ]);
});

test('restores requested ports below 4000, and continues the search from 4000', async () => {
  const low = manyReserved(10, 3989);
  const stateDir = storeWith(low);
  withSqlite(stateDir, (sqlite) => sqlite.exec('DELETE FROM port_cursor'));
  const { store } = reopen(stateDir);
  await store.copy();
  store.close();
  truncateSync(database(stateDir), 0);
  const { reservations, store: restored } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(low);
  expect(await restored.reservations.claim(async (step) => step.cursor())).toBe(4000);
});

test('does not restore a released port from the copy if the database itself can be read', async () => {
  const stateDir = storeWith(reserved.slice(0, 10));
  const { store } = reopen(stateDir);
  await store.copy();
  await store.reservations.release({ projectDir: String(reserved[3]?.project), port: 4003 });
  store.close();
  writeFileSync(database(stateDir), readFileSync(database(stateDir)).fill(0, 0, 100));
  const { reservations } = reopen(stateDir);
  expect((await reservations()).map(({ port }) => port)).toEqual([
    4000, 4001, 4002, 4004, 4005, 4006, 4007, 4008, 4009,
  ]);
});

test('restores a reservation that is only in the log', async () => {
  const stateDir = copyWithLog(storeWith(reserved.slice(0, 300)), (sqlite) => {
    sqlite.prepare("INSERT INTO reservations VALUES (9000, '/late', 'api', 1, 301)").run();
  });
  writeFileSync(database(stateDir), readFileSync(database(stateDir)).fill(0, 0, 2 * pageSize));
  const { reservations } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual([
    ...reserved.slice(0, 300),
    { port: 9000, project: '/late', service: 'api' },
  ]);
});

test('restores a database despite a garbage log', async () => {
  const stateDir = storeWith(reserved);
  writeFileSync(database(stateDir), readFileSync(database(stateDir)).fill(0, 0, 100));
  writeFileSync(`${database(stateDir)}-wal`, Buffer.alloc(50_000, 'garbage'));
  const { reservations } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
});

test('restores a missing database from its log', async () => {
  const stateDir = copyWithLog(storeWith([]), (sqlite) => {
    sqlite.prepare("INSERT INTO reservations VALUES (4000, '/late', 'api', 1, 1)").run();
  });
  rmSync(database(stateDir));
  const { reservations, reports } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual([{ port: 4000, project: '/late', service: 'api' }]);
  expect(reports).toMatchObject([{ reason: 'it is gone, but its log is still there' }]);
});

test('restores a missing database from its copy, or creates an empty one without a copy', async () => {
  const stateDir = storeWith(reserved.slice(0, 10));
  const { store } = reopen(stateDir);
  await store.copy();
  store.close();
  rmSync(database(stateDir));
  const restored = reopen(stateDir);
  expect((await restored.reservations()).map(asReserved)).toEqual(reserved.slice(0, 10));
  expect(restored.reports).toMatchObject([{ reason: 'it is gone', setAside: null }]);

  const empty = temporaryDirectory();
  mkdirSync(join(empty, 'runs'));
  const fresh = reopen(empty);
  expect([await fresh.reservations(), fresh.reports]).toEqual([[], []]);
});

test('continues the search for the next port where it was', async () => {
  const stateDir = storeWith(reserved.slice(0, 10));
  withSqlite(stateDir, (sqlite) => sqlite.exec('UPDATE port_cursor SET next_port = 5000'));
  writeFileSync(database(stateDir), readFileSync(database(stateDir)).fill(0, 0, 100));
  const { store } = reopen(stateDir);
  expect(await store.reservations.claim(async (step) => step.cursor())).toBe(5000);
});

test('continues after the newest reservation if the cursor cannot be read', async () => {
  const stateDir = storeWith([...reserved.slice(5, 10), ...reserved.slice(0, 3)]);
  withSqlite(stateDir, (sqlite) => sqlite.exec('DELETE FROM port_cursor'));
  writeFileSync(database(stateDir), readFileSync(database(stateDir)).fill(0, 0, 100));
  const { store } = reopen(stateDir);
  expect(await store.reservations.claim(async (step) => step.cursor())).toBe(4003);
});

test('resumes a recovery that was interrupted after its first step, and keeps the file that was set aside', async () => {
  const stateDir = storeWith(reserved);
  const aside = `${database(stateDir)}.damaged-20260101T000000.000Z`;
  copyFileSync(database(stateDir), aside);
  rmSync(database(stateDir));
  const { reservations, reports } = reopen(stateDir);
  expect((await reservations()).map(asReserved)).toEqual(reserved);
  expect(reports).toMatchObject([{ setAside: aside, reason: 'its recovery was interrupted' }]);
  // The recovery is complete: if the database is removed again, that file is not restored a second time.
  rmSync(database(stateDir));
  expect(await reopen(stateDir).reservations()).toEqual([]);
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
  for (const part of ['-wal', '-shm']) rmSync(`${database(stateDir)}${part}`, { force: true });
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
  expect(() => reopen(stateDir)).toThrow('is from a newer Candle (schema 99');
  expect(readFileSync(database(stateDir))).toEqual(before);
});
