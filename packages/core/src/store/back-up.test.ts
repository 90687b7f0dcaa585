import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { manyReserved, overwritePage, pageSize, storeWith, withSqlite } from '../../test/damaged-store.ts';
import { temporaryCandle, temporaryDirectory } from '../../test/temporary-candle.ts';
import { openCandle } from '../open-candle.ts';
import { reservePort } from '../reservations/reserve-port.ts';
import { backUp, copyEveryMs } from './back-up.ts';
import { migrations } from './migrations.ts';
import { openDatabase } from './open-database.ts';

function portsIn(path: string): unknown {
  const sqlite = new BetterSqlite3(path, { readonly: true });
  const ports = sqlite.prepare('SELECT port FROM reservations').pluck().all();
  sqlite.close();
  return ports;
}

test('copies the database once a day, for its owner only', async () => {
  let nowMs = Date.now();
  const candle = temporaryCandle({ nowMs: () => nowMs });
  const copy = join(candle.stateDir, 'state.db.last');
  await reservePort(candle, { projectDir: '/shop', serviceName: 'api' });
  expect(await backUp(candle)).toBe(true);
  expect([portsIn(copy), statSync(copy).mode & 0o777]).toEqual([[4000], 0o600]);
  await reservePort(candle, { projectDir: '/shop', serviceName: 'web' });
  nowMs = Date.now() + copyEveryMs - 60_000;
  expect(await backUp(candle)).toBe(false);
  nowMs = Date.now() + copyEveryMs + 60_000;
  expect(await backUp(candle)).toBe(true);
  expect(portsIn(copy)).toEqual([4000, 4001]);
  expect(readdirSync(candle.stateDir).filter((name) => name.includes('new'))).toEqual([]);
});

test('replaces a copy from the future, which was made before the clock was corrected', async () => {
  const candle = temporaryCandle({ nowMs: () => Date.now() });
  await backUp(candle);
  const future = new Date(Date.now() + 30 * copyEveryMs);
  utimesSync(join(candle.stateDir, 'state.db.last'), future, future);
  expect(await backUp(candle)).toBe(true);
});

test('restores a damaged database instead of copying it over its last good copy', async () => {
  const stateDir = storeWith(manyReserved(300));
  const reasons: string[] = [];
  const candle = openCandle(stateDir, { onRecovered: ({ reason }) => reasons.push(reason) });
  await backUp(candle);
  const page = withSqlite(stateDir, (sqlite) =>
    sqlite.prepare("SELECT max(pageno) FROM dbstat WHERE name = 'reservations' AND pagetype = 'leaf'").pluck().get(),
  );
  const before = readFileSync(join(stateDir, 'state.db.last'));
  candle.store.close();
  overwritePage(join(stateDir, 'state.db'), Number(page), Buffer.alloc(pageSize));
  const long = new Date(0);
  utimesSync(join(stateDir, 'state.db.last'), long, long);
  const again = openCandle(stateDir, { onRecovered: ({ reason }) => reasons.push(reason) });
  expect(await backUp(again)).toBe(true);
  expect(reasons).toHaveLength(1);
  expect(await again.store.reservations.list()).toHaveLength(300);
  again.store.close();
  expect(portsIn(join(stateDir, 'state.db.last'))).toHaveLength(300);
  expect(before.length).toBeGreaterThan(0);
});

const future = { name: 'future', sql: 'CREATE TABLE future (id integer PRIMARY KEY)' };

test('copies a database after a migration, but not a new one', () => {
  const stateDir = temporaryDirectory();
  openDatabase(stateDir).close();
  expect(existsSync(join(stateDir, 'state.db.last'))).toBe(false);
  openDatabase(stateDir, { schemaSteps: [...migrations, future] }).close();
  expect(portsIn(join(stateDir, 'state.db.last'))).toEqual([]);
});
