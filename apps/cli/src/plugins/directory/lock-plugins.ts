import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCandleError } from '@candle/core/errors';
import { type FileLock, tryLockFile } from '@candle/core/store';
import { isDiskFull, makeDirectories } from '@candle/core/system';
import { PluginsBusyError, PluginsDirectoryUnusableError, PluginsDiskFullError } from './errors.ts';

/** An installation that compiles code may take minutes. After a longer wait, the other command probably hangs. */
const maxWaitMs = 5 * 60_000;
const pollMs = 100;

/**
 * Runs `work` while holding the lock on the installed plugins, which the kernel releases when the process ends. Afterwards
 * removes the directory if it is empty.
 * @throws PluginsBusyError, PluginsDirectoryUnusableError, PluginsDiskFullError
 */
export async function withLockedPlugins<T>(dataDir: string, onWaiting: () => void, work: () => Promise<T>): Promise<T> {
  try {
    const lock = await takeLock(dataDir, onWaiting);
    try {
      return await work();
    } finally {
      lock.release();
      // Fails if the directory contains files of other programs, which must stay.
      await rmdir(dataDir).catch(() => undefined);
    }
  } catch (error) {
    throw translateDirectoryError(error, dataDir);
  }
}

async function takeLock(dataDir: string, onWaiting: () => void): Promise<FileLock> {
  const deadlineMs = performance.now() + maxWaitMs;
  let isReported = false;
  for (;;) {
    // In every iteration: the previous holder of the lock removes the directory if it is empty.
    makeDirectories(dataDir, 0o700);
    const lock = tryLockFile(join(dataDir, 'plugins.lock'));
    if (lock !== undefined) return lock;
    if (performance.now() > deadlineMs) throw new PluginsBusyError(dataDir, maxWaitMs);
    if (!isReported) onWaiting();
    isReported = true;
    await sleep(pollMs);
  }
}

const unwritable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG', 'EINVAL'];

/** Translates a system error about the data directory to a `CandleError`. Returns any other error unchanged. */
function translateDirectoryError(error: unknown, dataDir: string): unknown {
  if (isCandleError(error) || !(error instanceof Error)) return error;
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (isDiskFull(error)) return new PluginsDiskFullError(dataDir, error);
  // Below /proc, a directory cannot be created although its parent exists.
  const isUnwritable = unwritable.includes(code) || (code === 'ENOENT' && syscall === 'mkdir');
  if (isUnwritable || code.startsWith('SQLITE_')) return new PluginsDirectoryUnusableError(dataDir, error);
  return error;
}
