import { join } from 'node:path';
import { type FileLock, tryLockFile } from './file-lock.ts';
import { prepareStateDir } from './state-dir.ts';

/** The lock that makes a process the only supervisor of a state directory. */
export type SupervisorLock = FileLock;

/** Takes the supervisor lock of a state directory; undefined if another process has it. */
export function tryLockSupervisor(stateDir: string): SupervisorLock | undefined {
  prepareStateDir(stateDir);
  return tryLockFile(join(stateDir, 'lock.db'));
}
