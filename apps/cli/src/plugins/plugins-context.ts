import { join } from 'node:path';
import type { NpmSettings } from './install/run-npm.ts';
import { readCoreWords } from './load/core-words.ts';
import type { PluginsPaths } from './load/plugins-paths.ts';

/** The context of all operations on plugins. */
export interface PluginsContext extends PluginsPaths {
  readonly npm: NpmSettings;
  /** The base of relative paths. */
  readonly cwd: string;
  /** Called when this command waits for another one that is changing the plugins. */
  readonly onWaiting: () => void;
}

/** The package that plugins are built with. It is not a plugin itself. */
const kit = '@candle/cli-kit';

/** The part of oclif's config that is needed here, so that it can also be built without oclif. */
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
