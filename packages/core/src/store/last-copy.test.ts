import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import {
  copyStore,
  manyReserved,
  overwritePage,
  pageSize,
  reopen,
  storeWith,
  withSqlite,
} from '../../test/damaged-store.ts';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { eraseState } from './erase-state.ts';
import { migrations } from './migrations.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';

const copyOf = (stateDir: string) => join(stateDir, 'state.db.last');

function portsIn(path: string): unknown {
  const sqlite = new BetterSqlite3(path, { readonly: true });
  const ports = sqlite.prepare('SELECT port FROM reservations ORDER BY port').pluck().all();
  sqlite.close();
  return ports;
}

function open(stateDir: string, options: Parameters<typeof openStore>[1] = {}): Store {
  const store = openStore(stateDir, options);
  onTestFinished(() => store.close());
  return store;
}

function reserve(store: Store, port: number): Promise<void> {
  const reservation = { port, projectDir: '/shop', serviceName: `service-${port}`, reservedAtMs: 0 };
  return store.reservations.claim(async (step) => step.insert(reservation, { movesCursor: true }));
}

function leftovers(stateDir: string): readonly string[] {
  return readdirSync(stateDir).filter((name) => name.includes('new'));
}

test('a process that changed the database copies it at its end, for its owner only', async () => {
  const stateDir = temporaryDirectory();
  const store = open(stateDir);
  await reserve(store, 4000);
  expect(existsSync(copyOf(stateDir))).toBe(false);
  await store.finishCopy();
  expect([portsIn(copyOf(stateDir)), statSync(copyOf(stateDir)).mode & 0o777]).toEqual([[4000], 0o600]);
  await store.reservations.release({ projectDir: '/shop', port: 4000 });
  await store.finishCopy();
  expect(portsIn(copyOf(stateDir))).toEqual([]);
  expect(leftovers(stateDir)).toEqual([]);
});

test('a process that only reads, or writes nothing, copies nothing', async () => {
  const stateDir = storeWith(manyReserved(3));
  const store = open(stateDir);
  expect(await store.reservations.list()).toHaveLength(3);
  await store.reservations.claim(async (step) => step.findByPort(4000));
  await store.finishCopy();
  expect(existsSync(copyOf(stateDir))).toBe(false);
});

test('a process that continues to run copies the database some time after a change', async () => {
  const stateDir = temporaryDirectory();
  const store = open(stateDir, { copyAfterMs: 20 });
  await reserve(store, 4000);
  await expect.poll(() => existsSync(copyOf(stateDir))).toBe(true);
  await reserve(store, 4001);
  await expect.poll(() => portsIn(copyOf(stateDir))).toEqual([4000, 4001]);
});

test('copies the database after a migration', async () => {
  const stateDir = temporaryDirectory();
  open(stateDir).close();
  const future = { name: 'future', sql: 'CREATE TABLE future (id integer PRIMARY KEY)' };
  await open(stateDir, { schemaSteps: [...migrations, future] }).finishCopy();
  const copied = new BetterSqlite3(copyOf(stateDir), { readonly: true });
  onTestFinished(() => void copied.close());
  expect(copied.prepare('SELECT count(*) FROM future').pluck().get()).toBe(0);
});

test("does not replace the copy with a newer Candle's database", async () => {
  const stateDir = temporaryDirectory();
  const store = open(stateDir);
  await reserve(store, 4000);
  await store.finishCopy();
  await reserve(store, 4001);
  withSqlite(stateDir, (sqlite) =>
    sqlite.exec("UPDATE meta SET value = 99 WHERE key = 'oldestReader'; PRAGMA user_version = 99"),
  );
  await store.finishCopy();
  expect(portsIn(copyOf(stateDir))).toEqual([4000]);
});

test('restores a damaged database instead of copying it over its last good copy', async () => {
  const stateDir = storeWith(manyReserved(300));
  await copyStore(stateDir);
  const page = withSqlite(stateDir, (sqlite) =>
    sqlite.prepare("SELECT max(pageno) FROM dbstat WHERE name = 'reservations' AND pagetype = 'leaf'").pluck().get(),
  );
  overwritePage(join(stateDir, 'state.db'), Number(page), Buffer.alloc(pageSize));
  const { store, reports } = reopen(stateDir);
  store.copySoon();
  await store.finishCopy();
  expect(reports).toHaveLength(1);
  expect(await store.reservations.list()).toHaveLength(300);
  expect(portsIn(copyOf(stateDir))).toHaveLength(300);
});

test('copies nothing after the state was erased, even if its directory is still there', async () => {
  const stateDir = temporaryDirectory();
  mkdirSync(join(stateDir, 'of-the-user'));
  const [store, other] = [open(stateDir), open(stateDir)];
  for (const [index, each] of [store, other].entries()) await reserve(each, 4000 + index);
  await store.exclusively(async () => void eraseState(stateDir));
  for (const each of [store, other]) await each.finishCopy();
  expect(readdirSync(stateDir)).toEqual(['of-the-user']);
});

test('a copy that cannot be written keeps the last one, and is made when it is possible again', async () => {
  const stateDir = temporaryDirectory();
  const store = open(stateDir);
  await reserve(store, 4000);
  // A directory cannot be replaced with a file.
  mkdirSync(copyOf(stateDir));
  await store.finishCopy();
  expect(leftovers(stateDir)).toEqual([]);
  rmSync(copyOf(stateDir), { recursive: true });
  await store.finishCopy();
  expect(portsIn(copyOf(stateDir))).toEqual([4000]);
});

test('a state directory that became read-only keeps the last copy', async () => {
  const stateDir = temporaryDirectory();
  const store = open(stateDir);
  await reserve(store, 4000);
  await store.finishCopy();
  const before = readFileSync(copyOf(stateDir));
  await reserve(store, 4001);
  chmodSync(stateDir, 0o500);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await store.finishCopy();
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(stateDir, 0o700);
  }
  expect(readFileSync(copyOf(stateDir))).toEqual(before);
});

/** Reserves several ports one after another, and copies the database after each of them. */
const writer = `
const { openStore } = await import(process.argv[1]);
const [stateDir, ...ports] = process.argv.slice(2);
const store = openStore(stateDir);
for (const port of ports) {
  const reservation = { port: Number(port), projectDir: '/shop', serviceName: null, reservedAtMs: 0 };
  await store.reservations.claim(async (step) => step.insert(reservation, { movesCursor: true }));
  await store.finishCopy();
}
store.close();
`;

test('after several processes changed the database at once, the copy has all changes', async () => {
  const stateDir = temporaryDirectory();
  open(stateDir).close();
  const module = new URL('./open-store.ts', import.meta.url).href;
  const run = promisify(execFile);
  const writers = Array.from({ length: 6 }, (_, writer) =>
    Array.from({ length: 8 }, (_, at) => 4000 + 8 * writer + at),
  );
  const parameters = ['--input-type=module', '-e', writer, module, stateDir];
  await Promise.all(writers.map((ports) => run(process.execPath, [...parameters, ...ports.map(String)])));
  expect(portsIn(copyOf(stateDir))).toEqual(writers.flat());
  expect(leftovers(stateDir)).toEqual([]);
}, 120_000);
