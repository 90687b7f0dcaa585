import { type CandleEventKind, type HookedPlugin, renderHint } from '@candle/core';
import { readPluginList } from './directory/plugin-list.ts';
import { hintFor } from './load/plugin-hint.ts';
import { type PluginEntry, rootOf } from './plugin-entry.ts';
import { readPackage } from './read-package.ts';

/**
 * The user's plugins that have a hook for this kind of event. Reads only what oclif would read, because every command that
 * changes something calls it. A plugin that cannot be read has no hooks.
 */
export function findHookedPlugins(dataDir: string, kind: CandleEventKind): readonly HookedPlugin[] {
  return listInstalled(dataDir)
    .map((entry) => ({ name: entry.name, root: rootOf(entry, dataDir), hint: renderHint(hintFor(entry)) }))
    .filter(({ root }) => hooksOf(root)?.[kind] !== undefined);
}

/** The user's plugins; empty if the list of plugins cannot be read. */
export function listInstalled(dataDir: string): readonly PluginEntry[] {
  try {
    return readPluginList(dataDir).plugins;
  } catch {
    return [];
  }
}

function hooksOf(root: string): Readonly<Record<string, unknown>> | undefined {
  const read = readPackage(root);
  return read.kind === 'read' ? read.pjson.oclif.hooks : undefined;
}
