import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, link, mkdir, open, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigBusyError } from './config-errors.ts';

/** How long an owner can hold the lock before it counts as dead. Too short a time costs a retry, never an edit. */
const staleAfterMs = 2000;
const giveUpAfterMs = 30_000;
const pollMs = 10;

/**
 * The lock on a config file together with its new text; there is at most one for each file. Must be closed.
 *
 * The lock is the directory `<file>.lock` while it is not empty. Its only file, which has a unique name, is the draft.
 * Renaming a prepared directory to that name takes the lock; the rename fails while another non-empty directory has the
 * name. Renaming the draft over the config publishes it, and also releases the lock, because it empties the directory.
 * A process that has waited too long moves the lock directory away, together with the draft. If the owner was only slow,
 * it finds no draft to publish and starts again. A wrong guess about a dead owner therefore never loses an edit.
 */
export interface ConfigDraft {
  readonly handle: FileHandle;
  /** Replaces the config with the draft; false if a waiting process moved the draft away. */
  replaceConfig(): Promise<boolean>;
  /** Creates the config from the draft; false if there is a config by now, or the draft was moved away. */
  createConfig(): Promise<boolean>;
  /** Releases the lock and discards an unpublished draft. */
  close(): Promise<void>;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** The result of the action, or `otherwise` if it fails with one of the error codes. */
async function unless<T>(codes: readonly string[], action: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (codes.includes(codeOf(error) ?? '')) return otherwise;
    throw error;
  }
}

const lockedCodes = ['ENOTEMPTY', 'EEXIST'];

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
      await unless(['ENOENT', ...lockedCodes], rmdir(dirname(draft)), undefined);
    },
  };
}

/** A draft if the lock is free. It is prepared only now, so that a process killed while it waits leaves no files. */
async function tryTakeLock(path: string, lock: string): Promise<ConfigDraft | undefined> {
  const id = randomUUID();
  const prepared = `${lock}.${id}`;
  await mkdir(prepared);
  let handle: FileHandle | undefined;
  let isTaken = false;
  try {
    handle = await open(join(prepared, id), 'wx');
    isTaken = await unless<boolean>(
      lockedCodes,
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
 * Waits for the lock on a config file. The file need not exist yet, but its directory must.
 * @throws ConfigBusyError after 30 s, and system errors
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
