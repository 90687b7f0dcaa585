import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import BetterSqlite3 from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { earlierSchemas } from '../../test/earlier-schemas.ts';
import { portsIn, temporaryDirectory } from '../../test/temporary-candle.ts';
import type { Database } from './database.ts';
import { StateTooNewError } from './errors.ts';
import { openDatabase } from './open-store.ts';
import { reservations } from './schema.ts';

function open(stateDir: string): Database {
  const database = openDatabase(stateDir);
  onTestFinished(() => database.close());
  return database;
}

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('creates a missing state directory and its parents for the owner only', () => {
  const stateDir = join(temporaryDirectory(), 'deep', 'state');
  open(stateDir);
  expect(mode(stateDir)).toBe('700');
  for (const name of readdirSync(stateDir)) expect([name, mode(join(stateDir, name))]).toEqual([name, '600']);
  expect(readdirSync(stateDir).filter((name) => name.includes('new'))).toEqual([]);
});

test('a new database has a rollback journal, and a write is on disk when it returns', () => {
  const stateDir = temporaryDirectory();
  const { orm } = open(stateDir);
  expect(orm.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'truncate' });
  // 2 is FULL.
  expect(orm.get('PRAGMA synchronous')).toEqual({ synchronous: 2 });
});

test('converts a database of an earlier build and keeps its rows', async () => {
  const stateDir = temporaryDirectory();
  const sqlite = new BetterSqlite3(join(stateDir, 'state.db'));
  for (const sql of earlierSchemas) sqlite.exec(sql);
  sqlite.pragma('user_version = 3');
  sqlite.exec("INSERT INTO reservations VALUES (4000, '/project', 'api', 1000, 1)");
  sqlite.close();
  const rows = await open(stateDir).read(({ orm }) => orm.select().from(reservations).all());
  expect(rows).toEqual([{ port: 4000, projectDir: '/project', serviceName: 'api', reservedAtMs: 1000, seq: 1 }]);
});

/** A database as an earlier version leaves it while it is open. */
function openInWalMode(stateDir: string): BetterSqlite3.Database {
  openDatabase(stateDir).close();
  const sqlite = new BetterSqlite3(join(stateDir, 'state.db'));
  onTestFinished(() => void sqlite.close());
  sqlite.pragma('journal_mode = WAL');
  sqlite.exec("INSERT INTO reservations VALUES (4000, '/project', 'api', 1000, 1)");
  return sqlite;
}

test('a database in WAL mode gets a rollback journal when no other process has it open, and keeps its rows', async () => {
  const stateDir = temporaryDirectory();
  const earlier = openInWalMode(stateDir);
  const shared = open(stateDir);
  expect(shared.orm.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
  await shared.write(({ orm }) => orm.run("INSERT INTO reservations VALUES (4001, '/project', 'web', 1000, 2)"));
  shared.close();
  earlier.close();
  const alone = open(stateDir);
  expect(alone.orm.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'truncate' });
  expect(await portsIn(alone)).toEqual([4000, 4001]);
  expect(readdirSync(stateDir).filter((name) => /-(wal|shm)$/.test(name))).toEqual([]);
});

test('brings the log that a killed process of an earlier version left into the database', async () => {
  const [stateDir, left] = [temporaryDirectory(), temporaryDirectory()];
  openInWalMode(stateDir);
  for (const name of ['state.db', 'state.db-wal']) copyFileSync(join(stateDir, name), join(left, name));
  const database = open(left);
  expect(database.orm.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'truncate' });
  expect(await portsIn(database)).toEqual([4000]);
});

test('removes unfinished drafts of killed processes once they are a minute old', () => {
  const stateDir = temporaryDirectory();
  const [abandoned, recent] = [join(stateDir, 'state.db.new-1-1'), join(stateDir, 'state.db.new-2-2')];
  for (const path of [abandoned, recent]) writeFileSync(path, '');
  const longAgo = new Date(Date.now() - 61_000);
  utimesSync(abandoned, longAgo, longAgo);
  open(stateDir);
  expect([existsSync(abandoned), existsSync(recent)]).toEqual([false, true]);
});

test("two connections of one process see each other's writes", async () => {
  const stateDir = temporaryDirectory();
  const [one, other] = [open(stateDir), open(stateDir)];
  const row = { port: 4000, projectDir: '/project', serviceName: null, reservedAtMs: 0, seq: 1 };
  await one.write(({ orm }) => orm.insert(reservations).values(row).run());
  expect(await other.read(({ orm }) => orm.select().from(reservations).all())).toEqual([row]);
});

/** Waits for the start signal, so that none of the processes finds a database. */
const racer = `
const [module, stateDir, port] = process.argv.slice(1);
const { openDatabase } = await import(module);
process.stdout.write('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
const database = openDatabase(stateDir);
await database.write(({ orm }) => orm.run("INSERT INTO reservations VALUES (" + port + ", '/project', NULL, 0, 0)"));
database.close();
`;

test('many processes can open a missing state directory at once', async () => {
  const stateDir = join(temporaryDirectory(), 'state');
  const racers = Array.from({ length: 6 }, (_, index) => {
    const module = new URL('./open-store.ts', import.meta.url).href;
    const words = ['--input-type=module', '-e', racer, module, stateDir, String(4000 + index)];
    const child = spawn(process.execPath, words, { stdio: 'pipe' });
    return { child, stderr: text(child.stderr), ready: once(child.stdout, 'data'), closed: once(child, 'close') };
  });
  await Promise.all(racers.map(({ ready, closed }) => Promise.race([ready, closed])));
  for (const { child } of racers) child.stdin.write('go');
  for (const { closed, stderr } of racers) {
    expect({ exitCode: (await closed)[0], stderr: await stderr }).toEqual({ exitCode: 0, stderr: '' });
  }
  const rows = await open(stateDir).read(({ orm }) => orm.select().from(reservations).all());
  expect(rows).toHaveLength(racers.length);
});

test('keeps the mode of a state directory that the user created', () => {
  const stateDir = join(temporaryDirectory(), 'shared');
  mkdirSync(stateDir, { mode: 0o750 });
  open(stateDir);
  expect(mode(stateDir)).toBe('750');
});

test('stops writing after a newer Candle has migrated the database and excluded older ones', async () => {
  const stateDir = temporaryDirectory();
  const database = open(stateDir);
  const newer = new BetterSqlite3(join(stateDir, 'state.db'));
  onTestFinished(() => void newer.close());
  const write = () => database.write(({ orm }) => orm.run("INSERT OR REPLACE INTO meta VALUES ('mark', 1)"));
  newer.pragma('user_version = 99');
  expect(database.isTooNew()).toBe(false);
  await write();
  newer.exec("DELETE FROM meta WHERE key = 'mark'; UPDATE meta SET value = 99 WHERE key = 'oldestReader'");
  expect(database.isTooNew()).toBe(true);
  await expect(write()).rejects.toThrow(StateTooNewError);
  await expect(database.exclusively(async () => undefined)).rejects.toThrow(StateTooNewError);
  expect(newer.prepare("SELECT value FROM meta WHERE key = 'mark'").all()).toEqual([]);
  newer.exec("UPDATE meta SET value = 1 WHERE key = 'oldestReader'");
  await write();
});
