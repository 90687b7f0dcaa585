import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, link, mkdir, open, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigBusyError } from './config-errors.ts';

/** How long one owner may keep others waiting before it counts as dead. Too short costs a retry, never an edit. */
const staleAfterMs = 2000;
const giveUpAfterMs = 30_000;
const pollMs = 10;

/**
 * The right to replace a config file, and the new text in the making; one at a time for each file. Must be closed.
 *
 * The lock is a directory, `<file>.lock`, that is not empty: its one file, of a name that never comes again, is the
 * draft. Renaming a prepared directory to that name takes the lock (it fails while another full one is there);
 * renaming the draft over the config publishes it and, as this empties the directory, frees the lock in the same step.
 * Who waits too long moves the lock directory away, and the draft with it: an owner that was only slow then finds
 * nothing to publish and starts again. So no guess about dead owners can ever lose an edit.
 */
export interface ConfigDraft {
  readonly handle: FileHandle;
  /** Puts the draft in the place of the config; false when it was taken away by a waiter. */
  replaceConfig(): Promise<boolean>;
  /** Makes the draft the config where there is none; false when there is one by now, or the draft was taken away. */
  createConfig(): Promise<boolean>;
  /** Gives the lock back. What was not published is gone. */
  close(): Promise<void>;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** The result, or the other one where the system answers with one of the codes. */
async function unless<T>(codes: readonly string[], action: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (codes.includes(codeOf(error) ?? '')) return otherwise;
    throw error;
  }
}

const heldCodes = ['ENOTEMPTY', 'EEXIST'];

async function moveAway(lock: string): Promise<void> {
  const stale = `${lock}.${randomUUID()}`;
  if (
    await unless(
      ['ENOENT'],
      rename(lock, stale).then(() => true),
      false,
    )
  )
    await rm(stale, { recursive: true });
}

/** Not every file system has hard links. */
const noLinkCodes = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

async function linkOrCopy(from: string, to: string): Promise<true> {
  try {
    await link(from, to);
  } catch (error) {
    if (!noLinkCodes.includes(codeOf(error) ?? '')) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
  return true;
}

function draftOf(path: string, draft: string, handle: FileHandle): ConfigDraft {
  return {
    handle,
    async replaceConfig() {
      await handle.sync();
      return unless<boolean>(
        ['ENOENT'],
        rename(draft, path).then(() => true),
        false,
      );
    },
    async createConfig() {
      await handle.sync();
      return unless<boolean>(['ENOENT', 'EEXIST'], linkOrCopy(draft, path), false);
    },
    async close() {
      await handle.close();
      await unless(['ENOENT'], unlink(draft), undefined);
      await unless(['ENOENT', ...heldCodes], rmdir(dirname(draft)), undefined);
    },
  };
}

/** A draft when nobody else has one. Prepared only now, so that who is killed while it waits leaves nothing behind. */
async function tryTakeLock(path: string, lock: string): Promise<ConfigDraft | undefined> {
  const id = randomUUID();
  const prepared = `${lock}.${id}`;
  await mkdir(prepared);
  let handle: FileHandle | undefined;
  let isTaken = false;
  try {
    handle = await open(join(prepared, id), 'wx');
    isTaken = await unless<boolean>(
      heldCodes,
      rename(prepared, lock).then(() => true),
      false,
    );
    return isTaken ? draftOf(path, join(lock, id), handle) : undefined;
  } finally {
    if (!isTaken) {
      await handle?.close();
      await rm(prepared, { recursive: true, force: true });
    }
  }
}

/**
 * Waits for the right to change a config file, which need not exist yet, in a directory that does.
 * @throws ConfigBusyError after 30 s, and the system's errors
 */
export async function openConfigDraft(path: string): Promise<ConfigDraft> {
  const lock = `${path}.lock`;
  const startedAtMs = performance.now();
  let watched: string | undefined;
  let watchedSinceMs = startedAtMs;
  for (;;) {
    const [owner] = await unless<string[]>(['ENOENT'], readdir(lock), []);
    const draft = owner === undefined ? await tryTakeLock(path, lock) : undefined;
    if (draft !== undefined) return draft;
    const nowMs = performance.now();
    if (nowMs - startedAtMs > giveUpAfterMs) throw new ConfigBusyError(path, giveUpAfterMs);
    if (owner !== watched) {
      watched = owner;
      watchedSinceMs = nowMs;
    } else if (owner !== undefined && nowMs - watchedSinceMs > staleAfterMs) {
      await moveAway(lock);
    }
    await delay(pollMs * (0.5 + Math.random()));
  }
}
