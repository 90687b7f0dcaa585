import type { Surroundings } from './plugin-fit.ts';

/** Where plugins are, and what they are loaded into. */
export interface PluginsPaths extends Surroundings {
  readonly dataDir: string;
  /** The program that loads what is to be known of a plugin without a manifest. */
  readonly reader: string;
  readonly coreWords: ReadonlySet<string>;
  /** Names of packages that are part of Candle. */
  readonly ownNames: readonly string[];
}
