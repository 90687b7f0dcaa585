import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { listRunRecords } from '../../runs/run-record.ts';
import type { Connection } from '../connection.ts';
import { StateBusyError, StateTooNewError, type UnwritableError } from '../errors.ts';
import { tryLockFile } from '../file-lock.ts';
import { copiedCommit, createDatabase, lastCopyPath } from '../last-copy.ts';
import { migrate, refuseWhileServicesRun, schemaAfter } from '../migrate.ts';
import type { Migration } from '../migrations.ts';
import {
  databasePath,
  fileAt,
  isRolledBack,
  lastCommit,
  logParts,
  noTables,
  readableFileAt,
  type StatePaths,
} from '../state-dir.ts';
import { type LastCopy, readLastCopy, readReplaced } from './copied-rows.ts';
import { findUnfinished, type RecoveryReport, rolledBack, setDatabaseAside, writeReport } from './recovery-report.ts';
import { type RestoredRows, type RestoreSources, restoreRows } from './restore-rows.ts';

export interface Damage {
  /** Identifies the damaged file (see `fileAt`); undefined if there is no file. */
  readonly file: string | undefined;
  readonly reason: string;
}

/**
 * Replaces a damaged or missing database with a new one, filled from its last copy and from the records of the runs. If
 * several processes find the damage at once, one of them restores the database and gets the report; the others get
 * undefined.
 * @throws StateTooNewError if a newer Candle created the database or its copy, because that one can restore more;
 * EarlierBuildRunningError, StateBusyError
 */
export function recover(paths: StatePaths, steps: readonly Migration[], damage: Damage): RecoveryReport | undefined {
  const { stateDir, path, busyTimeoutMs } = paths;
  const lockPath = join(stateDir, 'recovery.lock');
  const lock = tryLockFile(lockPath, { blockMs: busyTimeoutMs });
  if (lock === undefined) throw new StateBusyError(lockPath, busyTimeoutMs, undefined);
  try {
    if (fileAt(path) !== damage.file) return undefined;
    refuseNewer(path, steps);
    refuseWhileServicesRun(stateDir);
    const writeLock = takeWriteLock(paths);
    try {
      const isOlder = damage.reason === rolledBack;
      // Between the discovery and the lock, it may have been replaced again in the same file.
      const hasTables = writeLock !== undefined && writeLock.pragma('schema_version', { simple: true }) !== 0;
      if (damage.reason === noTables && hasTables) return undefined;
      const isStillOlder = () => hasTables && isRolledBack(writeLock, stateDir, () => copiedCommit(stateDir));
      if (isOlder && !isStillOlder()) return undefined;
      return replace(paths, steps, { reason: damage.reason, older: isOlder ? writeLock : undefined });
    } finally {
      writeLock?.close();
    }
  } finally {
    lock.release();
  }
}

/** Whether there is anything from which to restore a missing database. A state directory that never had a database has nothing. */
export function hasTraces(stateDir: string): boolean {
  return (
    existsSync(lastCopyPath(stateDir)) || findUnfinished(stateDir) !== undefined || listRunRecords(stateDir).length > 0
  );
}

interface Replaced {
  readonly reason: string;
  /** The database itself, if it is intact. */
  readonly older: BetterSqlite3.Database | undefined;
}

function replace(paths: StatePaths, steps: readonly Migration[], { reason, older }: Replaced): RecoveryReport {
  const { stateDir, path } = paths;
  const newest = readNewestCopy(paths, steps, older);
  const known = lastCommit(stateDir);
  const atMs = Date.now();
  const aside = setDatabaseAside(paths, atMs);
  const copy = newest?.path === path ? { ...newest, path: aside } : newest;
  const report: RecoveryReport = {
    path,
    reason,
    setAside: ['', ...logParts].map((part) => aside + part).find((file) => existsSync(file)) ?? null,
    unwritable: null,
    atMs,
    ...reported(copy, known, restore(paths, steps, copy)),
  };
  // Files that an earlier, interrupted recovery set aside are part of this recovery.
  for (let file: string | undefined = aside; file !== undefined; file = findUnfinished(stateDir)) {
    writeReport(file, report);
  }
  return report;
}

function restore(paths: StatePaths, steps: readonly Migration[], copy: LastCopy | undefined): RestoredRows {
  const sources = sourcesOf(paths.stateDir, copy);
  let restored: RestoredRows = {
    reservations: { fromCopy: 0, fromRuns: 0 },
    activeRuns: 0,
    endedRuns: 0,
    names: { reservations: [], running: [], lost: [] },
  };
  createDatabase(
    paths,
    steps,
    (sqlite) => {
      restored = restoreRows(drizzle(sqlite), sources);
    },
    copy?.commit,
  );
  return restored;
}

/** The last copy, or the database itself if it is an older copy that was made after the last one. */
function readNewestCopy(
  { stateDir, path }: StatePaths,
  steps: readonly Migration[],
  older: BetterSqlite3.Database | undefined,
): LastCopy | undefined {
  const lastCopy = readLastCopy(stateDir, steps);
  const replaced = older && readReplaced(older, path, steps);
  return replaced !== undefined && replaced.commit > (lastCopy?.commit ?? 0) ? replaced : lastCopy;
}

/** What a recovery would restore, in memory. */
export function openRestored(stateDir: string, steps: readonly Migration[]): BetterSqlite3.Database {
  return restoreInMemory(stateDir, steps, readLastCopy(stateDir, steps)).sqlite;
}

/**
 * For a database that cannot be opened because nothing can be written, for example with the journal of a killed process on a
 * read-only file system: its content as a recovery would restore it, to be read only. Undefined if there is no database, or if it may not be read.
 */
export function connectToCopy(
  { stateDir, path }: StatePaths,
  steps: readonly Migration[],
  refusal: UnwritableError,
): Connection | undefined {
  const file = readableFileAt(path);
  if (file === undefined) return undefined;
  const sqlite = openRestored(stateDir, steps);
  sqlite.pragma('query_only = ON');
  return { sqlite, file, refusal };
}

/** The same for a damaged or missing database that cannot be replaced because nothing can be written, with a report. `unwritable`: why, as a clause. */
export function openUnrecovered(
  paths: StatePaths,
  steps: readonly Migration[],
  { reason, unwritable }: { readonly reason: string; readonly unwritable: string },
): { readonly sqlite: BetterSqlite3.Database; readonly report: RecoveryReport } {
  const { stateDir, path } = paths;
  const older = reason === rolledBack ? new BetterSqlite3(path, { readonly: true }) : undefined;
  try {
    const copy = readNewestCopy(paths, steps, older);
    const { sqlite, ...restored } = restoreInMemory(stateDir, steps, copy);
    const found = reported(copy, lastCommit(stateDir), restored);
    return { sqlite, report: { path, reason, setAside: null, unwritable, atMs: Date.now(), ...found } };
  } finally {
    older?.close();
  }
}

function restoreInMemory(
  stateDir: string,
  steps: readonly Migration[],
  copy: LastCopy | undefined,
): RestoredRows & { readonly sqlite: BetterSqlite3.Database } {
  const sqlite = new BetterSqlite3(':memory:');
  migrate(sqlite, databasePath(stateDir), steps);
  return { sqlite, ...restoreRows(drizzle(sqlite), sourcesOf(stateDir, copy)) };
}

function sourcesOf(stateDir: string, copy: LastCopy | undefined): RestoreSources {
  const rows = copy !== undefined && 'rows' in copy.content ? copy.content.rows : undefined;
  return { stateDir, copy: rows, copiedAtMs: copy?.copiedAtMs ?? 0 };
}

/** `known`: the number of the last commit; undefined if it is not known. */
function reported(
  copy: LastCopy | undefined,
  known: number | undefined,
  restored: RestoredRows,
): RestoredRows & Pick<RecoveryReport, 'copy'> {
  if (copy === undefined) return { ...restored, copy: null };
  const { path, copiedAtMs, commit, content } = copy;
  const laterChanges = known === undefined ? null : Math.max(0, known - commit);
  // Without later changes, a port that is not reserved was released.
  const names = laterChanges === 0 ? { ...restored.names, lost: [] } : restored.names;
  const problem = 'problem' in content ? content.problem : null;
  return { ...restored, names, copy: { path, copiedAtMs, laterChanges, problem } };
}

/** Where SQLite's header has the `user_version`, and the text that the header begins with. */
const schemaOffset = 60;
const magic = Buffer.from('SQLite format 3\0');
/** A higher schema is damage, not a schema of any Candle. */
const maxSchema = 1000;

/** An older Candle would lose data that only the newer one knows about. SQLite may reject the file, so this reads its header. */
function refuseNewer(path: string, steps: readonly Migration[]): void {
  if (!existsSync(path)) return;
  const header = Buffer.alloc(schemaOffset + 4);
  const fd = openSync(path, 'r');
  readSync(fd, header, 0, header.length, 0);
  closeSync(fd);
  if (!header.subarray(0, magic.length).equals(magic)) return;
  const schema = header.readUInt32BE(schemaOffset);
  const known = schemaAfter(steps);
  if (schema > known && schema <= maxSchema) throw new StateTooNewError(path, schema, known);
}

/**
 * Locks the damaged database, so that a process that has it open finishes its write first, and later ones see that it
 * was moved. Undefined if SQLite rejects the file.
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
