import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FileLock, tryLockFile } from '@candle/core';
import { PluginsBusyError } from '../errors.ts';
import { translateDirectoryError } from './directory-error.ts';

/** An installation that compiles something may take minutes; who waits longer waits for one that hangs. */
const maxWaitMs = 5 * 60_000;
const pollMs = 100;

/**
 * Runs `work` as the only one that changes what plugins are installed; the kernel ends that right with the process.
 * A directory in which nothing is left is removed.
 * @throws PluginsBusyError, PluginsDirectoryUnusableError, PluginsDiskFullError
 */
export async function withLockedPlugins<T>(dataDir: string, onWaiting: () => void, work: () => Promise<T>): Promise<T> {
  try {
    const lock = await takeLock(dataDir, onWaiting);
    try {
      return await work();
    } finally {
      lock.release();
      // Somebody else's files in it are none of Candle's business.
      await rmdir(dataDir).catch(() => undefined);
    }
  } catch (error) {
    throw translateDirectoryError(error, dataDir);
  }
}

async function takeLock(dataDir: string, onWaiting: () => void): Promise<FileLock> {
  const deadlineMs = performance.now() + maxWaitMs;
  let isTold = false;
  for (;;) {
    // Again each time: the last holder removes the directory when it leaves nothing in it.
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const lock = tryLockFile(join(dataDir, 'plugins.lock'));
    if (lock !== undefined) return lock;
    if (performance.now() > deadlineMs) throw new PluginsBusyError(dataDir, maxWaitMs);
    if (!isTold) onWaiting();
    isTold = true;
    await sleep(pollMs);
  }
}
