import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CandleEventKind, HookedPlugin } from '@candle/core';

interface InstalledPlugin {
  readonly name: string;
  readonly type: string;
  /** Of a linked one. */
  readonly root?: string;
}

/**
 * The user's plugins that want to be told of this kind of event. Reads what oclif would read, and nothing else: it is asked
 * by every command that changes something. What cannot be read hooks nothing.
 */
export function findHookedPlugins(dataDir: string, kind: CandleEventKind): readonly HookedPlugin[] {
  return listInstalled(dataDir)
    .map((plugin) => ({ name: plugin.name, root: plugin.root ?? join(dataDir, 'node_modules', plugin.name) }))
    .filter(({ root }) => hooksOf(root)?.[kind] !== undefined);
}

/** The user's plugins, as oclif knows them. */
export function listInstalled(dataDir: string): readonly InstalledPlugin[] {
  const plugins = readPackage(dataDir)?.oclif?.plugins;
  if (!Array.isArray(plugins)) return [];
  return plugins.filter((plugin) => typeof plugin?.name === 'string' && ['user', 'link'].includes(plugin.type));
}

function hooksOf(root: string): Partial<Record<string, unknown>> | undefined {
  return readPackage(root)?.oclif?.hooks;
}

interface PackageFile {
  readonly oclif?: { readonly plugins?: unknown; readonly hooks?: Partial<Record<string, unknown>> };
}

function readPackage(dir: string): PackageFile | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
