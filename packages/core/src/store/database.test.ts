import { join } from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { Database } from './database.ts';
import { fileAt } from './file-at.ts';
import { openDatabase } from './open-database.ts';
import { reservations } from './schema.ts';

const row = (port: number) => ({ port, projectDir: '/project', serviceName: null, reservedAtMs: 0, seq: port });

function newDatabase(): { database: Database; stateDir: string; path: string } {
  const stateDir = temporaryDirectory();
  const database = openDatabase(stateDir);
  onTestFinished(() => database.close());
  return { database, stateDir, path: join(stateDir, 'state.db') };
}

/** A second one, as another process would have it, that waits so long for a lock. */
function patientFor(busyTimeoutMs: number, { stateDir, path }: { stateDir: string; path: string }): Database {
  const mend = () => {
    throw new Error('nothing is damaged here');
  };
  const paths = { stateDir, path, busyTimeoutMs };
  return new Database(paths, {
    connect: () => ({ sqlite: connect(path), file: String(fileAt(path)) }),
    mend,
    verify: () => undefined,
  });
}

function connect(path: string): BetterSqlite3.Database {
  const sqlite = new BetterSqlite3(path, { timeout: 0 });
  onTestFinished(() => void sqlite.close());
  return sqlite;
}

const portsOf = (database: Database) =>
  database.read((orm) =>
    orm
      .select()
      .from(reservations)
      .all()
      .map(({ port }) => port),
  );

test('a write that throws half-way leaves nothing', async () => {
  const { database } = newDatabase();
  const failed = database.write(async (orm) => {
    orm.insert(reservations).values(row(4000)).run();
    await nextTick();
    throw new Error('half-way');
  });
  await expect(failed).rejects.toThrow('half-way');
  expect(await portsOf(database)).toEqual([]);
  await database.write((orm) => orm.insert(reservations).values(row(4001)).run());
  expect(await portsOf(database)).toEqual([4001]);
});

test('writes of one process wait for each other, in order', async () => {
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

test('a write is alone among all processes while it waits for something', async () => {
  const { database, path } = newDatabase();
  const other = connect(path);
  await database.write(async () => {
    await nextTick();
    expect(() => other.exec('BEGIN IMMEDIATE')).toThrow('database is locked');
  });
  other.exec('BEGIN IMMEDIATE; ROLLBACK');
});

test('a lock that stays is told with its file and how long it was waited for; meanwhile the process is not deaf', async () => {
  const { path, stateDir } = newDatabase();
  connect(path).exec('BEGIN IMMEDIATE');
  const waiting = patientFor(1200, { stateDir, path });
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  const failure = await waiting.write(() => undefined).catch((error: unknown) => error);
  clearInterval(ticking);
  expect(failure).toMatchObject({
    code: 'STATE_BUSY',
    message: `Candle's database ${path} was locked by another process for more than 1.2 s`,
  });
  expect(turns).toBeGreaterThan(0);
});

test('a lock that is given up in time is waited for', async () => {
  const { path, stateDir } = newDatabase();
  const owner = connect(path);
  owner.exec('BEGIN IMMEDIATE');
  const waiting = patientFor(30_000, { stateDir, path });
  const written = waiting.write((orm) => orm.insert(reservations).values(row(4000)).run());
  setImmediate(() => owner.exec('ROLLBACK'));
  await written;
  expect(await portsOf(waiting)).toEqual([4000]);
});

test('two rows of one port, or two of one service, are refused by the database itself', async () => {
  const { database } = newDatabase();
  const api = { ...row(4000), serviceName: 'api' };
  await database.write((orm) => orm.insert(reservations).values(api).run());
  for (const clash of [row(4000), { ...api, port: 4001 }]) {
    const insert = database.write((orm) => orm.insert(reservations).values(clash).run());
    await expect(insert).rejects.toThrow('UNIQUE constraint failed');
  }
  await database.write((orm) =>
    orm
      .insert(reservations)
      .values([row(4001), row(4002)])
      .run(),
  );
  expect(await portsOf(database)).toEqual([4000, 4001, 4002]);
});
