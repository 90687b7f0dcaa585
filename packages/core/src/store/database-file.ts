import { chmodSync, lstatSync, statSync } from 'node:fs';
import { StateDamagedError, StateDatabaseNotAFileError } from './errors.ts';
import { refuseOtherOwner } from './state-dir.ts';
import type { StatePaths } from './translate-error.ts';

/** For everybody but the owner. */
const foreignBits = 0o077;
const privateFileMode = 0o600;

/**
 * Is state.db there? What could not have been left by Candle is refused: opened all the same, SQLite would begin an
 * empty database in its place, or play a log that belongs to another one into it.
 * @throws StateDatabaseNotAFileError, StateDamagedError, StateOwnedByOtherError
 */
export function findDatabaseFile(paths: StatePaths): boolean {
  const { stateDir, path } = paths;
  // Asked before the database: the log is made after it and goes before it, so it is never there alone.
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry?.isSymbolicLink()) {
      throw new StateDatabaseNotAFileError(path, 'is a symbolic link to a file that does not exist');
    }
    // Another process has made it since the first look.
    if (entry !== undefined) return findDatabaseFile(paths);
    if (log !== undefined && log.size > 0) throw new StateDamagedError(path, 'it is gone, but its log is still there');
    return false;
  }
  if (found.isDirectory()) throw new StateDatabaseNotAFileError(path, 'is a directory');
  if (!found.isFile()) throw new StateDatabaseNotAFileError(path, 'is not a regular file');
  if (found.size === 0) throw new StateDamagedError(path, 'it is empty');
  refuseOtherOwner(stateDir, path, found);
  // SQLite makes its other files with the mode of this one. A copy that was put back has often another mode.
  if ((found.mode & foreignBits) !== 0) chmodSync(path, privateFileMode);
  return true;
}
