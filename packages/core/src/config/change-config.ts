import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isCandleError } from '../errors/candle-error.ts';
import { configFileName } from '../projects/find-project.ts';
import { type ConfigDraft, openConfigDraft } from './config-draft.ts';
import { ConfigBusyError, ConfigNotWritableError } from './config-errors.ts';
import { type ConfigFile, findConfigPath, newConfigPath, readConfigFile } from './config-file.ts';

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

/** Keeps the owner of the file, unless the system does not let this user set it. */
async function keepOwner(draft: ConfigDraft, { uid, gid }: ConfigFile): Promise<void> {
  const found = await draft.handle.stat();
  if (found.uid === uid && found.gid === gid) return;
  await draft.handle.chown(uid, gid).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM') throw error;
  });
}

async function publish(draft: ConfigDraft, file: ConfigFile | undefined, text: string): Promise<boolean> {
  await draft.handle.writeFile(file?.hasByteOrderMark ? `\ufeff${text}` : text);
  if (file === undefined) return draft.createConfig();
  await keepOwner(draft, file);
  await draft.handle.chmod(file.mode);
  // Editors ignore the lock: if one wrote the file in the meantime, read it again instead of overwriting it.
  const current = await readConfigFile(file.path);
  return current?.bytes.equals(file.bytes) === true && draft.replaceConfig();
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
): Promise<(ConfigChange & { result: T }) | undefined> {
  const found = await findConfigPath(projectDir);
  const seen = found === undefined ? undefined : await readConfigFile(found);
  if (found !== undefined && seen === undefined) return undefined;
  if (seen !== undefined) await requireWritable(seen.realPath);
  const path = found ?? join(projectDir, configFileName);
  const draft = await openConfigDraft(seen?.realPath ?? (await newConfigPath(projectDir)));
  try {
    const file = found === undefined ? undefined : await readConfigFile(found);
    if ((await findConfigPath(projectDir)) !== found || file?.realPath !== seen?.realPath) return undefined;
    const { text, result } = await decide(file, path);
    if (text === undefined) return { path, created: false, result };
    return (await publish(draft, file, text)) ? { path, created: file === undefined, result } : undefined;
  } finally {
    await draft.close();
  }
}

/**
 * Changes the config of a project directory atomically: a reader sees either the old text or the new one, and concurrent
 * changes are never lost. Keeps the file's mode, and a symbolic link stays a link.
 * @throws ConfigInvalidError, ConfigNotWritableError, ConfigBusyError, and the errors of `decide`
 */
export async function changeConfig<T>(
  projectDir: string,
  decide: DecideEdit<T>,
): Promise<ConfigChange & { readonly result: T }> {
  const startedAtMs = performance.now();
  try {
    for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
      const change = await attempt(projectDir, decide);
      if (change !== undefined) return change;
    }
  } catch (error) {
    if (isCandleError(error) || typeof (error as NodeJS.ErrnoException).errno !== 'number') throw error;
    const path = (await findConfigPath(projectDir)) ?? join(projectDir, configFileName);
    throw new ConfigNotWritableError(path, error as NodeJS.ErrnoException);
  }
  throw new ConfigBusyError(join(projectDir, configFileName), performance.now() - startedAtMs);
}
