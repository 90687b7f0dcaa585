import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readFileSync,
  type Stats,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { makeDirectories } from '../system/make-directories.ts';
import { throwIfOutOfFiles } from '../system/write-problem.ts';
import {
  StateDamagedError,
  StateDatabaseNotAFileError,
  StateHomeUnknownError,
  StateNotADirectoryError,
  StateOnSharedFileSystemError,
  StateOwnedByOtherError,
  StatePathUnusableError,
} from './errors.ts';

export interface StatePaths {
  readonly stateDir: string;
  readonly path: string;
  /** How long to wait for a lock. Milliseconds. */
  readonly busyTimeoutMs: number;
}

export function databasePath(stateDir: string): string {
  return join(stateDir, 'state.db');
}

/** Only the owner may read the output and the environment of services. */
const privateDirMode = 0o700;

/** Magic numbers of statfs(2) (linux/magic.h) of file systems whose locks do not reach every process that uses them. */
const sharedFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9p'],
  [0x65735546, 'FUSE'],
]);

/** Magic numbers of common local file systems. */
const usualFileSystems: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x01021994, 'tmpfs'],
  [0x9123683e, 'btrfs'],
  [0x58465342, 'xfs'],
  [0x794c7630, 'overlayfs'],
  [0x2fc12fc1, 'zfs'],
  [0xf2f52010, 'f2fs'],
]);

/** The name of the file system of a path; undefined if it is not known. */
export function describeFileSystem(path: string): string | undefined {
  const magic = statfsSync(path).type >>> 0;
  return sharedFileSystems.get(magic) ?? usualFileSystems.get(magic);
}

/**
 * Where Candle keeps its state: `CANDLE_STATE_DIR`, otherwise `$XDG_STATE_HOME/candle`, otherwise `~/.local/state/candle`.
 * A relative XDG_STATE_HOME is ignored, as its specification requires; a relative CANDLE_STATE_DIR is resolved against `cwd`.
 * @throws StateHomeUnknownError
 */
export function resolveStateDir(
  env: Readonly<Record<string, string | undefined>>,
  paths: { home: string | undefined; cwd: string },
): string {
  if (env.CANDLE_STATE_DIR) return resolve(paths.cwd, env.CANDLE_STATE_DIR);
  const xdg = env.XDG_STATE_HOME;
  if (xdg && isAbsolute(xdg)) return join(xdg, 'candle');
  if (paths.home === undefined) throw new StateHomeUnknownError();
  return join(paths.home, '.local', 'state', 'candle');
}

/**
 * Creates the state directory if it is missing (one that the user created keeps its mode), and rejects a directory where
 * Candle could lose or leak data.
 */
export function prepareStateDir(stateDir: string): void {
  const stats = findEntry(statSync, stateDir) ?? makePrivateDir(stateDir);
  if (!stats.isDirectory()) throw new StateNotADirectoryError(stateDir, stateDir);
  refuseOtherOwner(stateDir, stateDir, stats);
  const kind = sharedFileSystems.get(statfsSync(stateDir).type >>> 0);
  if (kind) throw new StateOnSharedFileSystemError(stateDir, kind);
}

/** Rejects files of another user, even for root. */
function refuseOtherOwner(stateDir: string, path: string, { uid: owner }: Stats): void {
  const uid = process.geteuid?.();
  if (uid !== undefined && owner !== uid) throw new StateOwnedByOtherError(stateDir, path, owner, uid);
}

function makePrivateDir(stateDir: string): Stats {
  refuseUnusablePath(stateDir);
  try {
    makeDirectories(stateDir, privateDirMode);
  } catch (error) {
    const { code, path = stateDir } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new StatePathUnusableError(stateDir, `${path} cannot be created`, error);
    throw error;
  }
  return statSync(stateDir);
}

/** Rejects a path that leads through something that is not a directory. */
function refuseUnusablePath(stateDir: string): void {
  for (let dir = stateDir; ; dir = dirname(dir)) {
    const entry = findEntry(lstatSync, dir);
    if (entry === undefined) continue;
    if (findEntry(statSync, dir)?.isDirectory()) return;
    if (entry.isSymbolicLink()) throw new StatePathUnusableError(stateDir, leadsNowhere(stateDir, dir));
    throw new StateNotADirectoryError(stateDir, dir);
  }
}

/** Undefined also for a path below a file, which Node's `throwIfNoEntry` does not cover. */
function findEntry(stat: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function leadsNowhere(stateDir: string, link: string): string {
  return `${link === stateDir ? 'it' : link} is a symbolic link that does not lead to a directory`;
}

/** The logs that SQLite applies to a database that it opens: the rollback journal, and that of a database in WAL mode. */
export const logParts = ['-journal', '-wal'] as const;

/** The permissions of everyone except the owner. */
const foreignBits = 0o077;
const privateFileMode = 0o600;

/** The reason of the damage if a database has no tables. */
export const noTables = 'it is empty';

/**
 * Checks whether state.db exists, and rejects anything that Candle cannot have left there. If it was opened anyway,
 * SQLite would create an empty database in its place or replay the log of another database into it.
 * @throws StateDatabaseNotAFileError, StateDamagedError, StateOwnedByOtherError
 */
export function findDatabaseFile(paths: StatePaths): boolean {
  const { stateDir, path } = paths;
  // Check the logs before the database: a log has content only while there is a database.
  const hasLog = logParts.some((part) => (statSync(`${path}${part}`, { throwIfNoEntry: false })?.size ?? 0) > 0);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry?.isSymbolicLink()) {
      throw new StateDatabaseNotAFileError(path, 'is a symbolic link to a file that does not exist');
    }
    // Another process has created it since the first check.
    if (entry !== undefined) return findDatabaseFile(paths);
    if (hasLog) throw new StateDamagedError(path, 'it is missing, but its log still exists');
    return false;
  }
  if (found.isDirectory()) throw new StateDatabaseNotAFileError(path, 'is a directory');
  if (!found.isFile()) throw new StateDatabaseNotAFileError(path, 'is not a regular file');
  if (found.size === 0) throw new StateDamagedError(path, noTables);
  refuseOtherOwner(stateDir, path, found);
  // SQLite creates its other files with the mode of this one. A restored copy often has another mode.
  if ((found.mode & foreignBits) !== 0) makePrivate(path);
  return true;
}

/** A database on a read-only file system keeps its mode. */
function makePrivate(path: string): void {
  try {
    chmodSync(path, privateFileMode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EROFS') throw error;
  }
}

/** Identifies a file regardless of its content; the inode is not reused while the file is open. Undefined if there is no file. */
export function fileAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

/** The same, and undefined also for a file that this process may not read. */
export function readableFileAt(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return fileAt(path);
  } catch {
    return undefined;
  }
}

/** Whether another file, or none, is at the path. False if the system cannot say that now, for example if the disk fails. */
export function isOtherFileAt(path: string, file: string | undefined): boolean {
  try {
    return fileAt(path) !== file;
  } catch {
    return false;
  }
}

/** Differs after any program has written to the file, or replaced it. */
export function versionAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}`;
}

/** How many transactions have changed the database; 0 for a database of a version that did not count them. */
export function commitNumber(sqlite: BetterSqlite3.Database): number {
  return Number(sqlite.prepare("SELECT value FROM meta WHERE key = 'commit'").pluck().get() ?? 0);
}

/** Increments the commit number, and returns it. */
export function raiseCommitNumber(sqlite: BetterSqlite3.Database): number {
  const raise = `INSERT INTO meta (key, value) VALUES ('commit', 1)
    ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value`;
  return Number(sqlite.prepare(raise).pluck().get());
}

export function setCommitNumber(sqlite: BetterSqlite3.Database, number: number): void {
  sqlite.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('commit', ?)").run(number);
}

/**
 * Whether an older copy of the database is in its place. Each commit is in the database before its number is in the file, and
 * the file is read first, so the number of an intact database is at least as high. `copied` returns the number of the last copy.
 */
export function isRolledBack(sqlite: BetterSqlite3.Database, stateDir: string, copied: () => number): boolean {
  const known = lastCommit(stateDir) ?? copied();
  return commitNumber(sqlite) < known;
}

function lastCommitPath(stateDir: string): string {
  return join(stateDir, 'state.db.commit');
}

/** The number of the last commit, from the file beside the database; undefined if the file is missing or invalid. */
export function lastCommit(stateDir: string): number | undefined {
  try {
    const content = readFileSync(lastCommitPath(stateDir));
    const number = content.readBigUInt64LE(0);
    return content.equals(asContent(number)) ? Number(number) : undefined;
  } catch (error) {
    throwIfOutOfFiles(error);
    return undefined;
  }
}

/**
 * Notes the number of a commit in the file beside the database. Overwrites it in place, which also works on a full disk. A
 * failure is harmless, because a number that is too low only hides a replacement by a copy that is newer than the number.
 */
export function noteCommit(stateDir: string, number: number): void {
  try {
    const fd = openSync(lastCommitPath(stateDir), constants.O_WRONLY | constants.O_CREAT, privateFileMode);
    try {
      writeSync(fd, asContent(BigInt(number)), 0, undefined, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    // A read-only directory, or a full disk on which the file does not exist yet.
  }
}

/** 16 bytes: the number and its complement, which shows that the content is valid. */
function asContent(number: bigint): Buffer {
  const content = Buffer.alloc(16);
  content.writeBigUInt64LE(number, 0);
  content.writeBigUInt64LE(BigInt.asUintN(64, ~number), 8);
  return content;
}
