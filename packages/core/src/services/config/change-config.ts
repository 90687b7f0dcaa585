import { access, constants } from 'node:fs/promises';
import { isCandleError } from '../../errors/candle-error.ts';
import { type ConfigDraft, openConfigDraft } from './config-draft.ts';
import { ConfigNotWritableError } from './config-errors.ts';
import { type ConfigFile, configFileName, findConfigPath, newConfigPath, readConfigFile } from './config-file.ts';

/**
 * Decides on the new text of a config; undefined leaves it as it is. Called again with what is there by then when
 * another writer came first, so it has no effects of its own.
 */
export type ConfigEdit = (file: ConfigFile | undefined, path: string) => Promise<string | undefined>;

export interface ConfigChange {
  readonly path: string;
  /** Whether there was no file before. */
  readonly created: boolean;
}

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

/** One attempt; undefined when another writer came first. */
async function attempt(projectDir: string, edit: ConfigEdit): Promise<ConfigChange | undefined> {
  const found = await findConfigPath(projectDir);
  const seen = found === undefined ? undefined : await readConfigFile(found);
  if (found !== undefined && seen === undefined) return undefined;
  if (seen !== undefined) await access(seen.realPath, constants.W_OK);
  const target = seen?.realPath ?? (await newConfigPath(projectDir));
  const draft = await openConfigDraft(target);
  try {
    const file = found === undefined ? undefined : await readConfigFile(found);
    if ((await findConfigPath(projectDir)) !== found || file?.realPath !== seen?.realPath) return undefined;
    const path = found ?? target;
    const text = await edit(file, path);
    if (text === undefined) return { path, created: false };
    return (await publish(draft, file, text)) ? { path, created: file === undefined } : undefined;
  } finally {
    await draft.close();
  }
}

/**
 * Changes the config of a project directory as one step: a reader sees the old text or the new one, and of many
 * changes at once none is lost. Keeps the file's mode, and a symbolic link a link.
 * @throws ConfigInvalidError, ConfigNotWritableError, ConfigBusyError, and what the edit throws
 */
export async function changeConfig(projectDir: string, edit: ConfigEdit): Promise<ConfigChange> {
  try {
    for (;;) {
      const change = await attempt(projectDir, edit);
      if (change !== undefined) return change;
    }
  } catch (error) {
    if (isCandleError(error) || typeof (error as NodeJS.ErrnoException).errno !== 'number') throw error;
    const path = (await findConfigPath(projectDir)) ?? `${projectDir}/${configFileName}`;
    throw new ConfigNotWritableError(path, error as NodeJS.ErrnoException);
  }
}
