import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FileLock, tryLockFile } from '@candle/core';
import { PluginsBusyError } from '../errors.ts';

/** An installation that compiles something may take minutes; who waits longer waits for one that hangs. */
const longestWaitMs = 5 * 60_000;
const pollMs = 100;

/**
 * The right to change what plugins are installed; the kernel ends it with the process.
 * @throws PluginsBusyError
 */
export async function lockPlugins(dataDir: string, onWaiting: () => void): Promise<FileLock> {
  const endMs = performance.now() + longestWaitMs;
  let isTold = false;
  for (;;) {
    const lock = tryLockFile(join(dataDir, 'plugins.lock'));
    if (lock !== undefined) {
      // The last holder may have removed what was there when this one began to wait.
      await mkdir(join(dataDir, 'generations'), { recursive: true, mode: 0o700 });
      return lock;
    }
    if (performance.now() > endMs) throw new PluginsBusyError(dataDir, longestWaitMs);
    if (!isTold) onWaiting();
    isTold = true;
    await sleep(pollMs);
  }
}
