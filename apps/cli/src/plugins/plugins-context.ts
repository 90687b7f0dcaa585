import { join } from 'node:path';
import type { NpmSettings } from './install/run-npm.ts';
import { readCoreWords } from './load/core-words.ts';
import type { PluginsPaths } from './load/plugins-paths.ts';

/** What everything that is done about plugins needs to know. */
export interface PluginsContext extends PluginsPaths {
  readonly npm: NpmSettings;
  /** Where relative paths start. */
  readonly cwd: string;
  /** Another command is changing the plugins, and this one waits for it. */
  readonly onWaiting: () => void;
}

/** Packages that plugins are made with, and that are none themselves. */
const kit = '@candle/cli-kit';

/** Of oclif's config, or put together without one. */
export interface PluginsConfig {
  readonly dataDir: string;
  readonly root: string;
  readonly name: string;
  readonly version: string;
  readonly pjson: { readonly dependencies?: Readonly<Record<string, string>> };
  readonly npmRegistry?: string | undefined;
}

export function openPluginsContext(
  config: PluginsConfig,
  {
    cwd,
    onWaiting = () => undefined,
    onSlow = () => undefined,
  }: Pick<PluginsContext, 'cwd'> & Partial<Pick<PluginsContext, 'onWaiting'> & Pick<NpmSettings, 'onSlow'>>,
): PluginsContext {
  return {
    dataDir: config.dataDir,
    reader: join(config.root, 'dist', 'plugin-reader.js'),
    coreWords: readCoreWords(config.root),
    ownNames: [kit, config.name, ...Object.keys(config.pjson.dependencies ?? {})],
    node: process.versions.node,
    candle: config.version,
    npm: { env: process.env, registry: config.npmRegistry, onSlow },
    cwd,
    onWaiting,
  };
}
