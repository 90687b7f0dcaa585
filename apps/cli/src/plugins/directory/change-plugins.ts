import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, lstat, mkdir, readdir, readlink, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withLockedPlugins } from './lock-plugins.ts';
import { type PluginsManifest, readPluginList, writtenPluginList } from './plugin-list.ts';

/** A copy of all installed plugins on which a change works. It is not used until the change is complete. */
export interface Draft {
  readonly dir: string;
  readonly list: PluginsManifest;
}

const parts = ['package.json', 'package-lock.json', 'node_modules'] as const;

/**
 * Changes the installed plugins atomically: `change` works on a copy, and the rename of one link makes the copy current.
 * If the change is interrupted before that, by a failing registry or a kill -9, nothing has changed.
 *
 *     current       -> versions/<id>   the link that is renamed
 *     package.json  -> current/package.json
 *     node_modules  -> current/node_modules
 */
export async function changePlugins<T>(
  dataDir: string,
  { onWaiting }: { onWaiting: () => void },
  change: (draft: Draft) => Promise<{ list: PluginsManifest; result: T }>,
): Promise<T> {
  return withLockedPlugins(dataDir, onWaiting, async () => {
    try {
      await removeLeftovers(dataDir);
      const list = readPluginList(dataDir);
      const dir = await copyOf(dataDir);
      try {
        await writeFile(join(dir, 'package.json'), writtenPluginList(list));
        const changed = await change({ dir, list });
        await writeFile(join(dir, 'package.json'), writtenPluginList(changed.list));
        await putInPlace(dataDir, dir);
        return changed.result;
      } catch (error) {
        await rm(dir, { recursive: true, force: true });
        throw error;
      }
    } finally {
      await removeIfEmpty(dataDir);
    }
  });
}

/** The folders of installed versions. Builds before the first release used the second one. */
const versionFolders = ['versions', 'generations'] as const;

async function copyOf(dataDir: string): Promise<string> {
  const dir = join(dataDir, 'versions', randomUUID());
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (const part of parts) {
    const from = await realPathOf(join(dataDir, part === 'package-lock.json' ? join('current', part) : part));
    if (from !== undefined) await cp(from, join(dir, part), copying);
  }
  return dir;
}

/** npm trusts its own record of a tree only if no file is newer, so timestamps are kept. Links are copied as they are. */
const copying = {
  recursive: true,
  preserveTimestamps: true,
  verbatimSymlinks: true,
  mode: constants.COPYFILE_FICLONE,
};

async function putInPlace(dataDir: string, dir: string): Promise<void> {
  await link(dataDir, 'current', join('versions', basename(dir)));
  for (const part of ['package.json', 'node_modules']) {
    const path = join(dataDir, part);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isSymbolicLink()) continue;
    // A directory that oclif itself created.
    if (found?.isDirectory()) await rm(path, { recursive: true });
    await link(dataDir, part, join('current', part));
  }
}

async function link(dataDir: string, name: string, target: string): Promise<void> {
  const unfinished = join(dataDir, 'versions', `.${randomUUID()}`);
  await symlink(target, unfinished);
  await rename(unfinished, join(dataDir, name));
}

/** Removes old versions before a change. The previous version is kept until then, for commands that still run from it. */
async function removeLeftovers(dataDir: string): Promise<void> {
  const current = await readlink(join(dataDir, 'current')).catch(() => undefined);
  for (const folder of versionFolders) {
    for (const name of await readdir(join(dataDir, folder)).catch(() => [])) {
      const version = join(folder, name);
      if (version !== current) await rm(join(dataDir, version), { recursive: true, force: true });
    }
  }
}

/** Removes all plugin files when there is no plugin left. */
async function removeIfEmpty(dataDir: string): Promise<void> {
  try {
    if (readPluginList(dataDir).plugins.length === 0) await removePluginFiles(dataDir);
  } catch {
    // A damaged list may not be empty, and files that cannot be removed do no harm.
  }
}

/** Removes the list first, because a plugin that is not listed does not exist. The caller must hold the lock. */
export async function removePluginFiles(dataDir: string): Promise<void> {
  for (const name of [...parts, 'current', ...versionFolders, 'plugins.lock']) {
    await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

/** The path with all links resolved; undefined if it does not exist. */
function realPathOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
