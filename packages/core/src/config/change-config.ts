import { constants } from 'node:fs';
import { copyFile, type FileHandle, link, open, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isCandleError } from '../errors/candle-error.ts';
import { findUntrusted, type Trust } from '../projects/config-trust.ts';
import { configFileName } from '../projects/find-project.ts';
import { lockFile } from '../store/file-lock.ts';
import { ConfigBusyError, ConfigNotWritableError } from './config-errors.ts';
import { type ConfigFile, findConfigPath, newConfigPath, readConfigFile } from './read-config.ts';

export interface ConfigChange {
  readonly path: string;
  /** Whether the file was created. */
  readonly created: boolean;
}

/** The new text of a config (undefined to leave it unchanged), and the result for the caller. */
interface ConfigEdit<T> {
  readonly text: string | undefined;
  readonly result: T;
}

/**
 * Decides how to edit the current file. It is called again when another writer was faster, so it must not have side effects.
 */
type DecideEdit<T> = (file: ConfigFile | undefined, path: string) => Promise<ConfigEdit<T>>;

/** Losing this often in a row to other writers means that something is wrong. */
const maxAttempts = 100;

/** Edits take milliseconds, so a process that holds the lock for longer hangs. */
const maxWaitMs = 30_000;

/** Runs `work` while no other command changes the config file at `path`, which need not exist. */
async function withLock<T>(path: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const lockPath = `${path}.lock`;
  const lock = await lockFile(lockPath, timeoutMs);
  if (lock === undefined) throw new ConfigBusyError(path, timeoutMs);
  try {
    return await work();
  } finally {
    await rm(lockPath, { force: true });
    lock.release();
  }
}

/** Writes the new text next to the config, and puts it in its place; false if another program was faster. Needs the lock. */
async function publish(path: string, file: ConfigFile | undefined, text: string, trust: Trust): Promise<boolean> {
  const draft = `${path}.new`;
  // An edit that was killed may have left its draft.
  await rm(draft, { force: true });
  try {
    await writeDraft(draft, file, text);
    if (file === undefined) return await createFrom(draft, path);
    // Editors ignore the lock: if one wrote the file in the meantime, read it again instead of overwriting it.
    const current = await readConfigFile(file.path, trust);
    if (current?.bytes.equals(file.bytes) !== true) return false;
    await rename(draft, path);
    return true;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(draft: string, file: ConfigFile | undefined, text: string): Promise<void> {
  const handle = await open(draft, 'wx');
  try {
    await handle.writeFile(file?.hasByteOrderMark ? `\ufeff${text}` : text);
    if (file !== undefined) {
      await keepOwner(handle, file);
      await handle.chmod(file.mode);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Keeps the owner of the file, unless the system does not let this user set it. */
async function keepOwner(handle: FileHandle, { uid, gid }: ConfigFile): Promise<void> {
  const found = await handle.stat();
  if (found.uid === uid && found.gid === gid) return;
  await handle.chown(uid, gid).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM') throw error;
  });
}

/** Not every file system has hard links. */
const noLinkCodes = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Creates the config from the draft; false if there is one by now. */
async function createFrom(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (!noLinkCodes.includes(error.code ?? '')) throw error;
      return copyFile(draft, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A rename needs only write permission for the directory, but a write-protected file must not be replaced. */
async function requireWritable(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.close();
}

/** One attempt; undefined if another writer was faster. */
async function attempt<T>(
  projectDir: string,
  decide: DecideEdit<T>,
  { trust, timeoutMs }: { trust: Trust; timeoutMs: number },
): Promise<(ConfigChange & { result: T }) | undefined> {
  const found = findConfigPath(projectDir);
  const path = found ?? join(projectDir, configFileName);
  // Before anything is created: a new config in a directory of another user would not be used either.
  const untrusted = await findUntrusted(path, trust);
  if (untrusted !== undefined) throw untrusted;
  // If the path leads nowhere, reading it under the lock says why.
  const realPath = found === undefined ? newConfigPath(projectDir) : await realpath(found).catch(() => found);
  return withLock(realPath, timeoutMs, async () => {
    const file = found === undefined ? undefined : await readConfigFile(found, trust);
    if (findConfigPath(projectDir) !== found) return undefined;
    if (found !== undefined && file?.realPath !== realPath) return undefined;
    if (file !== undefined) await requireWritable(realPath);
    const { text, result } = await decide(file, path);
    if (text === undefined) return { path, created: false, result };
    return (await publish(realPath, file, text, trust)) ? { path, created: file === undefined, result } : undefined;
  });
}

/**
 * Changes the config of a project directory atomically: a reader sees either the old text or the new one, and concurrent
 * changes are never lost. Keeps the file's mode, and a symbolic link stays a link.
 * @throws ConfigUntrustedError, ConfigInvalidError, ConfigNotWritableError, ConfigBusyError, and the errors of `decide`
 */
export async function changeConfig<T>(
  trust: Trust,
  projectDir: string,
  decide: DecideEdit<T>,
  timeoutMs = maxWaitMs,
): Promise<ConfigChange & { readonly result: T }> {
  const startedAtMs = performance.now();
  try {
    for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
      const change = await attempt(projectDir, decide, { trust, timeoutMs });
      if (change !== undefined) return change;
    }
  } catch (error) {
    if (isCandleError(error) || !isSystemError(error)) throw error;
    const path = findConfigPath(projectDir) ?? join(projectDir, configFileName);
    throw new ConfigNotWritableError(path, error as NodeJS.ErrnoException);
  }
  throw new ConfigBusyError(join(projectDir, configFileName), performance.now() - startedAtMs);
}

/** An error of the system, or of SQLite for the lock. */
function isSystemError(error: unknown): boolean {
  const { errno, code = '' } = error as NodeJS.ErrnoException;
  return typeof errno === 'number' || code.startsWith('SQLITE_');
}
