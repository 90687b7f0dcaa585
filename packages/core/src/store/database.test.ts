import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { portsIn, temporaryDirectory } from '../../test/temporary-candle.ts';
import { Database } from './database.ts';
import { tryLockFile } from './file-lock.ts';
import { openDatabase } from './open-store.ts';
import { reservations } from './schema.ts';
import { fileAt } from './state-dir.ts';

const row = (port: number) => ({ port, projectDir: '/project', serviceName: null, reservedAtMs: 0, seq: port });

function newDatabase(): { database: Database; stateDir: string; path: string } {
  const stateDir = temporaryDirectory();
  const database = openDatabase(stateDir);
  onTestFinished(() => database.close());
  return { database, stateDir, path: join(stateDir, 'state.db') };
}

/** Opens a second connection, like another process, with the given lock timeout. */
function openWithTimeout(busyTimeoutMs: number, { stateDir, path }: { stateDir: string; path: string }): Database {
  const repair = () => {
    throw new Error('nothing is damaged here');
  };
  const paths = { stateDir, path, busyTimeoutMs };
  return new Database(paths, {
    connect: () => ({ sqlite: connect(path), file: String(fileAt(path)) }),
    repair,
    verify: () => undefined,
    verifyCommit: () => undefined,
    isRestorable: () => false,
    onChanged: () => undefined,
  });
}

function connect(path: string): BetterSqlite3.Database {
  const sqlite = new BetterSqlite3(path, { timeout: 0 });
  onTestFinished(() => void sqlite.close());
  return sqlite;
}

test('a write that throws halfway leaves no changes', async () => {
  const { database } = newDatabase();
  const failed = database.write(async ({ orm }) => {
    orm.insert(reservations).values(row(4000)).run();
    await nextTick();
    throw new Error('halfway');
  });
  await expect(failed).rejects.toThrow('halfway');
  expect(await portsIn(database)).toEqual([]);
  await database.write(({ orm }) => orm.insert(reservations).values(row(4001)).run());
  expect(await portsIn(database)).toEqual([4001]);
});

test('writes of one process wait for each other in order', async () => {
  const { database } = newDatabase();
  const order: string[] = [];
  const slow = database.write(async () => {
    order.push('slow begins');
    await nextTick();
    order.push('slow ends');
  });
  const quick = database.write(() => order.push('quick'));
  await Promise.all([slow, quick]);
  expect(order).toEqual(['slow begins', 'slow ends', 'quick']);
});

test('a write is exclusive among all processes even while it awaits something', async () => {
  const { database, path } = newDatabase();
  const other = connect(path);
  await database.write(async () => {
    await nextTick();
    expect(() => other.exec('BEGIN IMMEDIATE')).toThrow('database is locked');
  });
  other.exec('BEGIN IMMEDIATE; ROLLBACK');
});

test('reports a lock that stays, with its file and the timeout, and keeps the event loop running meanwhile', async () => {
  const { path, stateDir } = newDatabase();
  connect(path).exec('BEGIN IMMEDIATE');
  const waiting = openWithTimeout(1200, { stateDir, path });
  let ticks = 0;
  const ticking = setInterval(() => ticks++, 1);
  let failure: unknown;
  // On a busy machine, the first attempt may take longer than the timeout.
  for (let attempt = 0; attempt < 10 && ticks === 0; attempt++)
    failure = await waiting.write(() => undefined).catch((error: unknown) => error);
  clearInterval(ticking);
  expect(failure).toMatchObject({
    code: 'STATE_BUSY',
    message: `Candle's database ${path} was locked by another process for more than 1.2 s`,
  });
  expect(ticks).toBeGreaterThan(0);
});

test('waits for a lock that is released in time', async () => {
  const { path, stateDir } = newDatabase();
  const owner = connect(path);
  owner.exec('BEGIN IMMEDIATE');
  const waiting = openWithTimeout(30_000, { stateDir, path });
  const written = waiting.write(({ orm }) => orm.insert(reservations).values(row(4000)).run());
  setImmediate(() => owner.exec('ROLLBACK'));
  await written;
  expect(await portsIn(waiting)).toEqual([4000]);
});

test('a write waits until other processes have finished reading, and keeps the event loop running meanwhile', async () => {
  const { path, stateDir } = newDatabase();
  const reader = connect(path);
  const writer = openWithTimeout(30_000, { stateDir, path });
  reader.exec('BEGIN; SELECT * FROM reservations');
  const written = writer.write(({ orm }) => orm.insert(reservations).values(row(4000)).run());
  const ticked = new Promise<void>((resolve) => setTimeout(resolve, 1));
  await ticked;
  reader.exec('COMMIT');
  await written;
  expect(await portsIn(writer)).toEqual([4000]);
});

test('the database itself rejects two rows for one port or for one service', async () => {
  const { database } = newDatabase();
  const api = { ...row(4000), serviceName: 'api' };
  await database.write(({ orm }) => orm.insert(reservations).values(api).run());
  for (const clash of [row(4000), { ...api, port: 4001 }]) {
    const insert = database.write(({ orm }) => orm.insert(reservations).values(clash).run());
    await expect(insert).rejects.toThrow('UNIQUE constraint failed');
  }
  await database.write(({ orm }) =>
    orm
      .insert(reservations)
      .values([row(4001), row(4002)])
      .run(),
  );
  expect(await portsIn(database)).toEqual([4000, 4001, 4002]);
});

test('a read waits for a lock that another process has, and keeps the event loop running meanwhile', async () => {
  const { database, path } = newDatabase();
  const owner = connect(path);
  owner.exec('BEGIN EXCLUSIVE');
  const read = portsIn(database);
  setTimeout(() => owner.exec('ROLLBACK'), 1);
  expect(await read).toEqual([]);
  owner.exec('BEGIN EXCLUSIVE');
  const before = database.changes();
  owner.exec('ROLLBACK');
  expect(database.changes()).toBe(before);
});

test('a read waits while another process restores the database, and keeps the event loop running meanwhile', async () => {
  const { database, path, stateDir } = newDatabase();
  const restoring = tryLockFile(join(stateDir, 'recovery.lock'));
  truncateSync(path);
  const read = portsIn(database);
  setTimeout(() => restoring?.release(), 1);
  expect(await read).toEqual([]);
  expect(database.isInPlace()).toBe(true);
});
