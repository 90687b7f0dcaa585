import { existsSync, readFileSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { count, isNotNull, isNull } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { listRunRecords } from '../../runs/run-record.ts';
import { createDatabase } from '../create-database.ts';
import type { Orm } from '../database.ts';
import { refuseWhileServicesRun } from '../earlier-build.ts';
import { StateTooNewError } from '../errors.ts';
import { fileAt } from '../file-at.ts';
import { lastCopyPath } from '../last-copy.ts';
import { schemaAfter } from '../migrate.ts';
import type { Migration } from '../migrations.ts';
import { toRun } from '../run-row.ts';
import { runs } from '../schema.ts';
import type { StatePaths } from '../translate-error.ts';
import { insertRows } from './insert-rows.ts';
import { schemaIn } from './page-file.ts';
import { withRecoveryLock } from './recovery-lock.ts';
import type { RecoveryReport } from './recovery-report.ts';
import { type RestoredReservations, restoreReservations } from './restore-reservations.ts';
import { restoreRuns } from './restore-run-records.ts';
import { restoreServices } from './restore-services.ts';
import { salvage } from './salvage.ts';
import { findUnfinished, readAside, type SetAside, setDatabaseAside, writeReport } from './set-aside.ts';
import { layoutOf } from './table-layout.ts';

export interface Damage {
  /** Identifies the damaged file (see `fileAt`); undefined if there is no file. */
  readonly file: string | undefined;
  readonly reason: string;
}

/**
 * Replaces a damaged or missing database with a new one that contains everything that is still known. If several
 * processes find the damage at once, one of them restores the database and gets the report; the others get undefined.
 * @throws StateTooNewError if a newer Candle created the database, because that one can restore more;
 * EarlierBuildRunningError
 */
export function recover(paths: StatePaths, steps: readonly Migration[], damage: Damage): RecoveryReport | undefined {
  return withRecoveryLock(paths.stateDir, () => {
    if (fileAt(paths.path) !== damage.file) return undefined;
    refuseNewer(paths, steps);
    refuseWhileServicesRun(paths.stateDir);
    const nowMs = Date.now();
    const writeLock = takeWriteLock(paths);
    try {
      const aside = setDatabaseAside(paths, nowMs);
      if (writeLock === undefined && existsSync(aside)) awaitCommits();
      return restore(paths, steps, { aside: readAside(aside), reason: damage.reason, nowMs });
    } finally {
      writeLock?.close();
    }
  });
}

/** Whether there is anything from which to restore a missing database. A state directory that never had a database has nothing. */
export function hasTraces(stateDir: string): boolean {
  return (
    existsSync(lastCopyPath(stateDir)) || findUnfinished(stateDir) !== undefined || listRunRecords(stateDir).length > 0
  );
}

function restore(
  paths: StatePaths,
  steps: readonly Migration[],
  { aside, reason, nowMs }: { aside: SetAside; reason: string; nowMs: number },
): RecoveryReport {
  const copyPath = lastCopyPath(paths.stateDir);
  const copied = statSync(copyPath, { throwIfNoEntry: false });
  let reservations: RestoredReservations | undefined;
  let found = { activeRuns: 0, endedRuns: 0 };
  createDatabase(paths, steps, (sqlite) => {
    const orm = drizzle(sqlite);
    const layout = layoutOf(sqlite);
    const database = salvage(aside, layout);
    const copy = copied && salvage({ database: readFileSync(copyPath), log: Buffer.alloc(0) }, layout);
    const records = listRunRecords(paths.stateDir);
    insertRows(sqlite, 'runs', database.runs.rows);
    insertRows(sqlite, 'services', database.services.rows);
    restoreRuns(orm, paths.stateDir, records);
    restoreServices(orm, { copied: database.services.isWhole ? [] : (copy?.services.rows ?? []), records });
    const activeRuns = orm.select().from(runs).where(isNull(runs.endedAtMs)).all().map(toRun);
    reservations = restoreReservations(orm, { database, copy, activeRuns, nowMs });
    found = { activeRuns: activeRuns.length, endedRuns: countEnded(orm) };
  });
  const report: RecoveryReport = {
    path: paths.path,
    reason,
    setAside: existsSync(aside.path) ? aside.path : existsSync(`${aside.path}-wal`) ? `${aside.path}-wal` : null,
    atMs: nowMs,
    reservations: reservations ?? { fromDatabase: 0, fromCopy: 0, fromRuns: 0, lost: [] },
    copiedAtMs: copied?.mtimeMs ?? null,
    ...found,
  };
  // Files that an earlier, interrupted recovery set aside are part of this recovery.
  for (let path: string | undefined = aside.path; path !== undefined; path = findUnfinished(paths.stateDir)) {
    writeReport(path, report);
  }
  return report;
}

function countEnded(orm: Orm): number {
  return orm.select({ n: count() }).from(runs).where(isNotNull(runs.endedAtMs)).get()?.n ?? 0;
}

/** An older Candle would lose data that only the newer one knows about. */
function refuseNewer({ path }: StatePaths, steps: readonly Migration[]): void {
  if (!existsSync(path)) return;
  const schema = schemaIn(readFileSync(path));
  if (schema !== undefined && schema > schemaAfter(steps)) throw new StateTooNewError(path, schema, schemaAfter(steps));
}

/** A commit takes some milliseconds, mostly for the disk. */
const maxCommitMs = 250;

/** Without the lock, waits for a write that was about to be committed when the file was moved. */
function awaitCommits(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, maxCommitMs);
}

/**
 * Locks the damaged database, so that a process that has it open finishes its write first, and later ones see that it
 * was moved. Undefined if SQLite rejects the file; a connection that was opened earlier may still be able to write to it.
 */
function takeWriteLock({ path, busyTimeoutMs }: StatePaths): BetterSqlite3.Database | undefined {
  if (!existsSync(path)) return undefined;
  const sqlite = new BetterSqlite3(path, { timeout: busyTimeoutMs });
  try {
    sqlite.exec('BEGIN IMMEDIATE');
    return sqlite;
  } catch (error) {
    sqlite.close();
    if (error instanceof Error && 'code' in error && /^SQLITE_(NOTADB|CORRUPT)/.test(String(error.code)))
      return undefined;
    throw error;
  }
}
