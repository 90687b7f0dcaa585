import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { migrate } from './migrate.ts';
import type { Migration } from './migrations.ts';
import { commitNumber, lastCommit, noteCommit, type StatePaths, setCommitNumber } from './state-dir.ts';

/** The path of the copy from which a damaged or missing database is restored. */
export function lastCopyPath(stateDir: string): string {
  return join(stateDir, 'state.db.last');
}

/**
 * Replaces the last copy of the database atomically. Must run in a write transaction that has changed nothing: no older
 * content can then replace a newer copy, and nobody erases or restores the database meanwhile. A damaged database is not
 * copied, because its last good copy is worth more.
 * @throws SQLite's errors, for example for damage, and system errors, for example for a full disk
 */
export function copyDatabase(sqlite: BetterSqlite3.Database, stateDir: string): void {
  refuseDamaged(sqlite);
  const draft = draftPath(stateDir);
  try {
    const fd = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(fd, withoutWal(sqlite.serialize()));
      // The data must be on disk before the file gets its final name.
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, lastCopyPath(stateDir));
    // A process may have been killed between a commit and its number: a database that is older than the copy is recognized.
    noteCommit(stateDir, commitNumber(sqlite));
  } finally {
    rmSync(draft, { force: true });
    removeAbandonedDrafts(stateDir);
  }
}

/** Opens the last copy in memory, so that it can be migrated without changing the file. @throws SQLite's errors for damage */
export function openLastCopy(stateDir: string): BetterSqlite3.Database {
  return openInMemory(readFileSync(lastCopyPath(stateDir)));
}

/** The commit number of the last copy; 0 if there is no usable copy. */
export function copiedCommit(stateDir: string): number {
  try {
    const sqlite = openLastCopy(stateDir);
    try {
      return commitNumber(sqlite);
    } finally {
      sqlite.close();
    }
  } catch {
    return 0;
  }
}

/** @throws SQLite's errors for damage */
export function openInMemory(content: Buffer): BetterSqlite3.Database {
  // SQLite would open it as a new database.
  if (content.length === 0) throw damage('it is empty');
  const sqlite = new BetterSqlite3(withoutWal(content));
  try {
    refuseDamaged(sqlite);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Checks everything except the content of indexes, which a recovery creates again. The full check takes five times as long. */
function refuseDamaged(sqlite: BetterSqlite3.Database): void {
  const problem = findDamage(sqlite, 'quick_check');
  if (problem !== undefined) throw damage(problem);
}

function damage(problem: string): Error {
  return Object.assign(new Error(problem), { code: 'SQLITE_CORRUPT' });
}

/** The first problem that SQLite's own check finds; undefined if there is none. */
export function findDamage(
  sqlite: BetterSqlite3.Database,
  check: 'integrity_check' | 'quick_check' = 'integrity_check',
): string | undefined {
  const verdict = String(sqlite.pragma(`${check}(1)`, { simple: true }));
  return verdict === 'ok' ? undefined : verdict.replaceAll(/\s*\n\s*/g, ' ');
}

/** The header's versions of the file format for writing and reading. 2 means WAL, which needs more than one file. */
const formatVersions = [18, 19] as const;

export function withoutWal(content: Buffer): Buffer {
  for (const at of formatVersions) if (content[at] === 2) content[at] = 1;
  return content;
}

/** An unfinished new database older than this belongs to a process that was killed. Milliseconds. */
const abandonedAfterMs = 60_000;

/**
 * Creates a database under a temporary name, fills it with `fill`, and links it to its final path. A process that opens
 * state.db therefore finds it complete. If another process has created state.db meanwhile, that one stays. Its commit number
 * is higher than `lastKnownCommit` and than every number that was noted, so that none of the earlier databases can be taken
 * for a newer one.
 */
export function createDatabase(
  { stateDir, path }: StatePaths,
  steps: readonly Migration[],
  fill: (sqlite: BetterSqlite3.Database) => void = () => undefined,
  lastKnownCommit = 0,
): void {
  const commit = Math.max(lastKnownCommit, lastCommit(stateDir) ?? 0) + 1;
  const draft = draftPath(stateDir);
  try {
    const sqlite = new BetterSqlite3(draft);
    try {
      chmodSync(draft, 0o600);
      // A draft of a killed process is not used.
      sqlite.pragma('journal_mode = MEMORY');
      sqlite.pragma('synchronous = OFF');
      migrate(sqlite, path, steps);
      sqlite.transaction(() => {
        fill(sqlite);
        setCommitNumber(sqlite, commit);
      })();
    } finally {
      sqlite.close();
    }
    finishDraft(draft);
    linkSync(draft, path);
    noteCommit(stateDir, commit);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
    removeAbandonedDrafts(stateDir);
  }
}

/** A unique temporary path for a database that is not in its final place yet. */
function draftPath(stateDir: string): string {
  return join(stateDir, `state.db.new-${process.pid}-${Date.now()}`);
}

/** Where the header has the number that tells a connection whether the file has changed, and its confirmation. */
const changeCounters = [24, 92] as const;

/**
 * Begins the change counter at a random number: a connection that has one database open would not notice that another one
 * with the same number was written over it. Must be called before the file gets its final name.
 */
function finishDraft(path: string): void {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(Math.floor(Math.random() * 2 ** 32));
  const fd = openSync(path, 'r+');
  for (const at of changeCounters) writeSync(fd, counter, 0, counter.length, at);
  // The data must be on disk before the link.
  fsyncSync(fd);
  closeSync(fd);
}

/** Removes drafts of processes that were killed. */
function removeAbandonedDrafts(stateDir: string): void {
  for (const name of readdirSync(stateDir).filter((entry) => entry.startsWith('state.db.new-'))) {
    const path = join(stateDir, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > abandonedAfterMs) rmSync(path, { force: true });
  }
}
