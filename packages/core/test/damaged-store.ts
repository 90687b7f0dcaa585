import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { Reservation } from '../src/reservations/reservation.ts';
import { openStore } from '../src/store/open-store.ts';
import type { RecoveryReport } from '../src/store/recovery/recovery-report.ts';
import type { Store } from '../src/store/store.ts';
import { temporaryDirectory } from './temporary-candle.ts';

export const pageSize = 4096;

export interface Reserved {
  readonly port: number;
  readonly project: string;
  readonly service: string | null;
}

/** Creates a state directory whose database has these reservations, in the given order. */
export function storeWith(reserved: readonly Reserved[]): string {
  const stateDir = temporaryDirectory();
  openStore(stateDir).close();
  addReservations(stateDir, reserved);
  return stateDir;
}

/** Adds reservations one after another, as `reserve-port` would. */
export function addReservations(stateDir: string, reserved: readonly Reserved[]): void {
  withSqlite(stateDir, (sqlite) => {
    const last = sqlite.prepare('SELECT coalesce(max(issued), 0) FROM port_cursor').pluck().get() as number;
    const insert = sqlite.prepare('INSERT INTO reservations VALUES (?, ?, ?, ?, ?)');
    sqlite.transaction(() => {
      for (const [index, { port, project, service }] of reserved.entries()) {
        insert.run(port, project, service, 1000 + index, last + index + 1);
      }
      const next = Math.max(4000, ...reserved.map(({ port }) => port + 1));
      sqlite.prepare('INSERT OR REPLACE INTO port_cursor VALUES (1, ?, ?)').run(next, last + reserved.length);
    })();
  });
}

/** Copies the database, as every command does that changes it. */
export async function copyStore(stateDir: string): Promise<void> {
  const store = openStore(stateDir);
  store.copySoon();
  await store.finishCopy();
  store.close();
}

export function withSqlite<T>(stateDir: string, work: (sqlite: BetterSqlite3.Database) => T): T {
  const sqlite = new BetterSqlite3(join(stateDir, 'state.db'));
  try {
    return work(sqlite);
  } finally {
    sqlite.close();
  }
}

/** Creates reservations of several projects that fill many pages. Some of them are project-level reservations. */
export function manyReserved(count: number, first = 4000): Reserved[] {
  return Array.from({ length: count }, (_, index) => ({
    port: first + index,
    project: `/home/ada/projects/number-${index % 7}/${'deep/'.repeat(8)}end`,
    service: index % 5 === 0 ? null : `service-${index}`,
  }));
}

/** Overwrites a page of a file; the first page is 1. */
export function overwritePage(path: string, page: number, content: Buffer): void {
  const bytes = readFileSync(path);
  content.copy(bytes, (page - 1) * pageSize, 0, pageSize);
  writeFileSync(path, bytes);
}

export function pageCountOf(path: string): number {
  return readFileSync(path).length / pageSize;
}

/** Copies a database in WAL mode as it is while a writer has it open and its writes are still in the log. */
export function copyWithLog(stateDir: string, write: (sqlite: BetterSqlite3.Database) => void): string {
  const copy = temporaryDirectory();
  withSqlite(stateDir, (sqlite) => {
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('wal_autocheckpoint = 0');
    write(sqlite);
    for (const name of ['state.db', 'state.db-wal']) copyFileSync(join(stateDir, name), join(copy, name));
  });
  rmSync(stateDir, { recursive: true });
  return copy;
}

export interface Reopened {
  readonly store: Store;
  readonly reports: readonly RecoveryReport[];
  readonly reservations: () => Promise<readonly Reservation[]>;
}

export function reopen(stateDir: string): Reopened {
  const reports: RecoveryReport[] = [];
  const store = openStore(stateDir, { onRecovered: (report) => reports.push(report) });
  onTestFinished(() => store.close());
  const reservations = async () => (await store.reservations.list()).toSorted((a, b) => a.port - b.port);
  return { store, reports, reservations };
}

export function asReserved({ port, projectDir, serviceName }: Reservation): Reserved {
  return { port, project: projectDir, service: serviceName };
}
