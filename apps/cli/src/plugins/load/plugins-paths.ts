import type { Surroundings } from './plugin-fit.ts';

/** The paths of plugins, and the Candle that loads them. */
export interface PluginsPaths extends Surroundings {
  readonly dataDir: string;
  /** The program that reads the commands of a plugin without a manifest. */
  readonly reader: string;
  readonly coreWords: ReadonlySet<string>;
  /** Names of the packages that are part of Candle. */
  readonly ownNames: readonly string[];
}
