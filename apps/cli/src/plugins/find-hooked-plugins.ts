import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CandleEventKind, HookedPlugin } from '@candle/core';
import { readPluginList } from './directory/plugin-list.ts';
import { wayOutOf } from './load/way-out.ts';
import { type PluginEntry, rootOf } from './plugin-entry.ts';

/**
 * The user's plugins that want to be told of this kind of event. Reads what oclif would read, and nothing else: it is asked
 * by every command that changes something. What cannot be read hooks nothing.
 */
export function findHookedPlugins(dataDir: string, kind: CandleEventKind): readonly HookedPlugin[] {
  return listInstalled(dataDir)
    .map((entry) => ({ name: entry.name, root: rootOf(entry, dataDir), wayOut: wayOutOf(entry) }))
    .filter(({ root }) => hooksOf(root)?.[kind] !== undefined);
}

/** The user's plugins; none where the list of them cannot be read. */
export function listInstalled(dataDir: string): readonly PluginEntry[] {
  try {
    return readPluginList(dataDir).plugins;
  } catch {
    return [];
  }
}

function hooksOf(root: string): Partial<Record<string, unknown>> | undefined {
  return readPackage(root)?.oclif?.hooks;
}

interface PackageFile {
  readonly oclif?: { readonly hooks?: Partial<Record<string, unknown>> };
}

function readPackage(dir: string): PackageFile | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
