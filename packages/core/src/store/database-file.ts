import { chmodSync, lstatSync, statSync } from 'node:fs';
import { StateDamagedError, StateDatabaseNotAFileError } from './errors.ts';
import { refuseOtherOwner } from './state-dir.ts';
import type { StatePaths } from './translate-error.ts';

/** The permissions of everyone except the owner. */
const foreignBits = 0o077;
const privateFileMode = 0o600;

/**
 * Checks whether state.db exists, and rejects anything that Candle cannot have left there. If it was opened anyway,
 * SQLite would create an empty database in its place or replay the log of another database into it.
 * @throws StateDatabaseNotAFileError, StateDamagedError, StateOwnedByOtherError
 */
export function findDatabaseFile(paths: StatePaths): boolean {
  const { stateDir, path } = paths;
  // Check the log before the database: it is created after the database and removed before it, so it never exists alone.
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry?.isSymbolicLink()) {
      throw new StateDatabaseNotAFileError(path, 'is a symbolic link to a file that does not exist');
    }
    // Another process has created it since the first check.
    if (entry !== undefined) return findDatabaseFile(paths);
    if (log !== undefined && log.size > 0) throw new StateDamagedError(path, 'it is gone, but its log is still there');
    return false;
  }
  if (found.isDirectory()) throw new StateDatabaseNotAFileError(path, 'is a directory');
  if (!found.isFile()) throw new StateDatabaseNotAFileError(path, 'is not a regular file');
  if (found.size === 0) throw new StateDamagedError(path, 'it is empty');
  refuseOtherOwner(stateDir, path, found);
  // SQLite creates its other files with the mode of this one. A restored copy often has another mode.
  if ((found.mode & foreignBits) !== 0) chmodSync(path, privateFileMode);
  return true;
}
