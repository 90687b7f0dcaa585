import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isCandleError } from '../../errors/candle-error.ts';
import { type ConfigDraft, openConfigDraft } from './config-draft.ts';
import { ConfigBusyError, ConfigNotWritableError } from './config-errors.ts';
import { type ConfigFile, configFileName, findConfigPath, newConfigPath, readConfigFile } from './config-file.ts';

export interface ConfigChange {
  readonly path: string;
  /** Whether there was no file before. */
  readonly created: boolean;
}

/** The new text of a config, undefined to leave it as it is, and what the caller wants to know of the change. */
interface ConfigEdit<T> {
  readonly text: string | undefined;
  readonly result: T;
}

/**
 * Decides on an edit of what is there. Called again when another writer came first, so it has no effects of its own.
 */
type DecideEdit<T> = (file: ConfigFile | undefined, path: string) => Promise<ConfigEdit<T>>;

/** So many other writers in a row come first only when something is wrong. */
const maxAttempts = 100;

/** Only the owner can be lost here, and only where the system does not let this user keep it. */
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
  // An editor does not know the lock: what it wrote meanwhile is read again instead of overwritten.
  const current = await readConfigFile(file.path);
  return current?.bytes.equals(file.bytes) === true && draft.replaceConfig();
}

/** The directory's permission would do for a rename, but a file that is write-protected is so for a reason. */
async function requireWritable(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.close();
}

/** One attempt; undefined when another writer came first. */
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
 * Changes the config of a project directory as one step: a reader sees the old text or the new one, and of many
 * changes at once none is lost. Keeps the file's mode, and a symbolic link a link.
 * @throws ConfigInvalidError, ConfigNotWritableError, ConfigBusyError, and what the decision throws
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
