import { join } from 'node:path';
import { type FileLock, tryLockFile } from './file-lock.ts';
import { prepareStateDir } from './state-dir.ts';

/** The right to be the one supervisor of a state directory. */
export type SupervisorLock = FileLock;

/** Takes the lock of a state directory, or undefined when another process has it. */
export function tryLockSupervisor(stateDir: string): SupervisorLock | undefined {
  prepareStateDir(stateDir);
  return tryLockFile(join(stateDir, 'lock.db'));
}
