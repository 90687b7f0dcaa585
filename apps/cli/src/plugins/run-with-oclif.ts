import { type CandleHost, withHost } from '@candle/cli-kit';
import { run } from '@oclif/core/run';
import type { InstalledPlugin } from './installed-plugin.ts';
import { choosePlugins } from './load/choose-plugins.ts';

interface RunOptions {
  readonly packageRoot: string;
  readonly json: boolean;
  /** Called with the plugin that has the command, if any. */
  readonly onOwner: (plugin: InstalledPlugin) => void;
}

/** Lets oclif run a line: help, a command of a plugin, or a line with a mistake. */
export async function runWithOclif(line: string[], host: CandleHost, { packageRoot, json, onOwner }: RunOptions) {
  const { options, owner } = await choosePlugins(line, withHost({ root: packageRoot }, host));
  if (owner !== undefined) {
    onOwner(owner);
    attributeUncaughtErrors(host, json);
  }
  await run(line, options);
}

/** Reports uncaught errors of a plugin with its name. Node.js would print them without it. */
function attributeUncaughtErrors({ present }: Pick<CandleHost, 'present'>, json: boolean): void {
  process.on('uncaughtException', (error) => process.exit(present.error(error, { json })));
}
