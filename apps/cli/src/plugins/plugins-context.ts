import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CandleCommand } from '@candle/cli-kit';
import type { CandleError } from '@candle/core/errors';
import type { NpmSettings } from './install/run-npm.ts';
import type { InstalledPlugin } from './installed-plugin.ts';
import type { Surroundings } from './load/plugin-fit.ts';

/** The paths of plugins, and the Candle that loads them. */
export interface PluginsPaths extends Surroundings {
  readonly dataDir: string;
  /** The program that reads the commands of a plugin without a manifest. */
  readonly reader: string;
  readonly coreWords: ReadonlySet<string>;
  /** Names of the packages that are part of Candle. */
  readonly ownNames: readonly string[];
}

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
    reader: join(config.root, 'dist', 'plugin-reader.cjs'),
    coreWords: readCoreWords(config.root),
    ownNames: [kit, config.name, ...Object.keys(config.pjson.dependencies ?? {})],
    node: process.versions.node,
    candle: config.version,
    npm: { env: process.env, registry: config.npmRegistry, onSlow },
    cwd,
    onWaiting,
  };
}

/**
 * The first words of all commands of Candle. They are reserved: a plugin can provide neither `start` nor `start faster`,
 * which would be `start` with the name of a service.
 */
export function readCoreWords(packageRoot: string): ReadonlySet<string> {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, 'oclif.manifest.json'), 'utf8'));
  const { commands } = manifest as { commands: Record<string, { aliases?: string[]; hiddenAliases?: string[] }> };
  const ids = Object.entries(commands).flatMap(([id, { aliases = [], hiddenAliases = [] }]) => [
    id,
    ...aliases,
    ...hiddenAliases,
  ]);
  return new Set(ids.map(firstWord));
}

/** `plugins` of `plugins:install` and of `plugins install`. */
export function firstWord(id: string): string {
  return id.split(/[: ]/, 1).join('');
}

/** The base of the commands about plugins. */
export abstract class PluginsCommand extends CandleCommand {
  protected get context(): PluginsContext {
    return openPluginsContext(this.config, {
      cwd: this.host.currentDirectory,
      onWaiting: () => this.note('Waiting for another command that is changing the plugins'),
      onSlow: () => this.note('Still waiting for npm; Ctrl-C cancels without changing anything'),
    });
  }

  /** Prints the problems of plugins in addition to the output of the command. */
  protected noteProblems(plugins: readonly InstalledPlugin[]): void {
    for (const { problems } of plugins) for (const problem of problems) this.noteProblem(problem);
  }

  protected noteProblem({ message, hint }: CandleError): void {
    this.note(`Warning: ${message}${hint === undefined ? '' : `\n${hint}`}`);
  }
}
