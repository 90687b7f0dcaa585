import { join } from 'node:path';
import { advise, candle, sentences } from '@candle/core/errors';
import { changePlugins, type Draft } from '../directory/change-plugins.ts';
import { type PluginsManifest, readPluginList } from '../directory/plugin-list.ts';
import type { InstalledPlugin } from '../installed-plugin.ts';
import { listPlugins } from '../load/load-plugins.ts';
import { findMisfit } from '../load/plugin-fit.ts';
import { isLinked, type PluginEntry, refuseEmptyNames } from '../plugin-entry.ts';
import type { PluginsContext } from '../plugins-context.ts';
import { readPackage } from '../read-package.ts';
import { NotAPluginError, PluginLinkedError } from './errors.ts';
import { describeSource, npmSpec, type PluginSource, parsePluginSource } from './plugin-source.ts';
import { runNpm } from './run-npm.ts';

export interface ChangedPlugin extends InstalledPlugin {
  /** The version that was there before; undefined when there was none. */
  readonly formerVersion: string | undefined;
}

/** Installs plugins from a registry, a URL or a tarball: all of them, or none. */
export async function installPlugins(
  names: readonly string[],
  context: PluginsContext,
): Promise<readonly ChangedPlugin[]> {
  refuseEmptyNames(names);
  const sources = names.map((name) => parsePluginSource(name, context));
  readPluginList(context.dataDir);
  const before = await listPlugins(context);
  const installed = await changePlugins(context.dataDir, context, async (draft) => {
    const entries: string[] = [];
    let list = draft.list;
    for (const source of sources) {
      const result = await installInto({ ...draft, list }, source, context);
      list = result.list;
      entries.push(result.entry.name);
    }
    return { list, result: entries };
  });
  return changedSince(before, await listPlugins(context), installed);
}

/** The changed plugins in their new state, with their former versions. */
export function changedSince(
  before: readonly InstalledPlugin[],
  after: readonly InstalledPlugin[],
  names: readonly string[],
): readonly ChangedPlugin[] {
  const isChanged = ({ entry }: InstalledPlugin) => names.includes(entry.name);
  return after.filter(isChanged).map((now) => ({
    ...now,
    formerVersion: before.find(({ entry }) => entry.name === now.entry.name)?.version,
  }));
}

/**
 * Installs one plugin into a draft. Throws if the plugin cannot work here; the caller then discards the draft.
 * @throws NotAPluginError, PluginNeedsOtherNodeError, PluginNeedsOtherCandleError, PluginLinkedError, and the errors of npm
 */
export async function installInto(
  draft: Draft,
  source: PluginSource,
  context: PluginsContext,
): Promise<{ list: PluginsManifest; entry: PluginEntry }> {
  const { dir, list } = draft;
  if (source.kind === 'registry') {
    refuseOwnName(source.name, context);
    refuseLinked(list, source.name);
  } else {
    await forgetAddress(draft, source.address, context);
  }
  const subject = source.kind === 'registry' ? source : { name: describeSource(source) };
  await runNpm(['install', npmSpec(source)], { dir, subject }, context.npm);

  const { dependencies = {} } = readPluginList(dir);
  const name = source.kind === 'registry' ? source.name : newNameIn(dependencies, list, source);
  refuseOwnName(name, context);
  refuseLinked(list, name);
  refuseMisfit(join(dir, 'node_modules', name), name, context);
  const entry: PluginEntry =
    source.kind === 'registry' ? { name, type: 'user', tag: source.tag } : { name, type: 'user', url: source.address };
  return { list: { dependencies, plugins: withEntry(list.plugins, entry) }, entry };
}

/** Replaces an entry in place: if two plugins have the same command, the first one in the list gets it. */
export function withEntry(plugins: readonly PluginEntry[], entry: PluginEntry): readonly PluginEntry[] {
  const isKnown = plugins.some(({ name }) => name === entry.name);
  return isKnown ? plugins.map((old) => (old.name === entry.name ? entry : old)) : [...plugins, entry];
}

/** npm does not install a tarball again if it has one with the same path, although the content may have changed. */
async function forgetAddress({ dir, list }: Draft, address: string, { npm }: PluginsContext): Promise<void> {
  const known = list.plugins.find(({ url }) => url === address);
  if (known) await runNpm(['uninstall', known.name], { dir, subject: known }, npm);
}

/** npm does not report the name of the package that it found at a URL. */
function newNameIn(
  dependencies: Readonly<Record<string, string>>,
  list: PluginsManifest,
  source: PluginSource,
): string {
  const before = list.dependencies ?? {};
  const address = source.kind === 'address' ? source.address : undefined;
  const found =
    Object.keys(dependencies).find((name) => dependencies[name] !== before[name]) ??
    list.plugins.find(({ url }) => url === address)?.name;
  if (found === undefined)
    throw new NotAPluginError(describeSource(source), undefined, 'it does not contain a package');
  return found;
}

function refuseOwnName(name: string, { ownNames }: PluginsContext): void {
  if (ownNames.includes(name)) throw new NotAPluginError(name, undefined, 'it is part of Candle itself');
}

function refuseLinked({ plugins }: PluginsManifest, name: string): void {
  const linked = plugins.filter(isLinked).find((entry) => entry.name === name);
  if (linked) throw new PluginLinkedError(name, linked.root);
}

function refuseMisfit(root: string, name: string, context: PluginsContext): void {
  const read = readPackage(root);
  if (read.kind === 'missing') throw new NotAPluginError(name, undefined, 'it has no package.json');
  if (read.kind === 'unusable') throw new NotAPluginError(name, read.version, read.reason);
  const { pjson } = read;
  if (pjson.name !== name) {
    throw new NotAPluginError(name, pjson.version, `its package.json has the name ${pjson.name}`);
  }
  const hint = sentences(
    'Nothing was changed',
    advise('To install another version', candle('plugins', 'install', `${name}@VERSION`)),
  );
  const misfit = findMisfit({ name, root, pjson }, context, hint);
  if (misfit) throw misfit;
}
