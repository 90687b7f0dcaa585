import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CandleError } from '@candle/core';
import { Plugin } from '@oclif/core/config';
import { PluginFilesMissingError, PluginNotLoadableError, PluginPackageDamagedError } from '../errors.ts';
import { isEvent } from '../events.ts';
import { type PluginEntry, rootOf } from '../plugin-entry.ts';
import type { InstalledPlugin } from './installed-plugin.ts';
import { findMisfit } from './plugin-fit.ts';
import type { PluginsPlace } from './plugins-place.ts';
import { wayOutOf } from './way-out.ts';

/** A module that awaits something at its top might never be loaded. */
const longestLoadMs = 3_000;

/** Loads one plugin, or finds out why it cannot be used. What its modules throw becomes one of its problems. */
export async function loadPlugin(
  entry: PluginEntry,
  place: PluginsPlace,
  warnings: string[],
): Promise<InstalledPlugin> {
  const root = rootOf(entry, place.dataDir);
  const wayOut = wayOutOf(entry);
  const found = { entry, name: entry.name, root };
  const useless = (problem: CandleError, version?: string, commandIds: readonly string[] = []): InstalledPlugin => ({
    ...found,
    version,
    problems: [problem],
    plugin: undefined,
    commandIds,
  });
  const read = readManifest(root);
  if (read.kind === 'missing') return useless(new PluginFilesMissingError(entry.name, root, wayOut));
  if (read.kind === 'damaged') return useless(new PluginPackageDamagedError(entry.name, root, read.reason, wayOut));
  const { pjson } = read;
  const version = String(pjson.version ?? '0.0.0');
  const misfit = findMisfit({ name: entry.name, root, pjson }, place, wayOut);
  // Its code is not even looked at; what its commands are called may stand in its manifest.
  if (misfit !== undefined) return useless(misfit, version, manifestCommands(root));

  const problems: CandleError[] = [];
  const report = (error: unknown) => problems.push(new PluginNotLoadableError(entry.name, reasonOf(error), wayOut));
  const plugin = createPlugin(root, report);
  try {
    await withinTime(plugin.load());
    // oclif tells some of what it finds wrong only by Node's warnings.
    for (const warning of warnings.filter((text) => text.includes(`${plugin.name} plugin`))) report(warning);
    plugin.type = entry.type;
    plugin.hooks = Object.fromEntries(Object.entries(plugin.hooks).filter(([event]) => isEvent(event)));
    return { ...found, name: plugin.name, version, problems, plugin, commandIds: plugin.commandIDs };
  } catch (error) {
    report(error);
    return { ...found, version, problems, plugin: undefined, commandIds: plugin.commandIDs };
  }
}

function createPlugin(root: string, report: (error: unknown) => void): Plugin {
  // `link` means that the directory is known.
  const plugin = new Plugin({ root, type: 'link' });
  // A command that cannot be loaded is left out by oclif, with a warning of many lines.
  Object.assign(plugin, { warn: report });
  return plugin;
}

type Read =
  | { readonly kind: 'read'; readonly pjson: Record<string, unknown> }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly reason: string };

function readManifest(root: string): Read {
  try {
    const pjson: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    if (typeof pjson !== 'object' || pjson === null) return { kind: 'damaged', reason: 'it is no object' };
    if (!('name' in pjson) || typeof pjson.name !== 'string') return { kind: 'damaged', reason: 'it has no name' };
    if (!('oclif' in pjson) || typeof pjson.oclif !== 'object' || pjson.oclif === null) {
      return { kind: 'damaged', reason: 'it has no "oclif", so it is no plugin' };
    }
    return { kind: 'read', pjson: { ...pjson } };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'damaged', reason: message };
  }
}

function manifestCommands(root: string): string[] {
  try {
    return Object.keys(JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')).commands);
  } catch {
    return [];
  }
}

async function withinTime(loading: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it was not loaded after ${longestLoadMs / 1000} seconds`)),
      longestLoadMs,
    );
  });
  try {
    await Promise.race([loading, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** One line; Node adds who required a module, and where it looked. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const line = text.trim().split('\n', 1).join('');
  // In the words of oclif's loader.
  return line.replace(/^\[MODULE_NOT_FOUND\] \S+ failed to load .*?: (?=Cannot find)/, '');
}
