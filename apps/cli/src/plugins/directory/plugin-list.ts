import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginEntry } from '../plugin-entry.ts';
import { PluginListDamagedError } from './errors.ts';

/** The package.json of a plugins directory: npm reads `dependencies`, oclif reads `oclif.plugins`. */
export interface PluginsManifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly plugins: readonly PluginEntry[];
}

/**
 * The plugins in a data directory, in the order in which they were added.
 * @throws PluginListDamagedError
 */
export function readPluginList(dataDir: string): PluginsManifest {
  const path = join(dataDir, 'package.json');
  const text = readIfThere(path);
  if (text === undefined) return { plugins: [] };
  try {
    const { dependencies = {}, oclif } = JSON.parse(text);
    const plugins: unknown[] = oclif.plugins ?? [];
    return { dependencies, plugins: plugins.filter(isEntry) };
  } catch (error) {
    throw new PluginListDamagedError(path, error);
  }
}

/** The content of the package.json for npm and oclif. */
export function writtenPluginList({ dependencies = {}, plugins }: PluginsManifest): string {
  const manifest = { name: 'candle-plugins', private: true, dependencies, oclif: { schema: 1, plugins } };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new PluginListDamagedError(path, error);
  }
}

function isEntry(value: unknown): value is PluginEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { name, type } = value as Record<string, unknown>;
  return typeof name === 'string' && (type === 'user' || type === 'link');
}
