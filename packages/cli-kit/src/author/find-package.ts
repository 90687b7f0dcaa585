import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest directory upwards that holds this file. */
function findUpwards(from: string, file: string): string | undefined {
  if (existsSync(join(from, file))) return from;
  return dirname(from) === from ? undefined : findUpwards(dirname(from), file);
}

/** The plugin that a directory belongs to. @throws when it belongs to none */
export function getPluginRoot(from: string): string {
  const root = findUpwards(from, 'package.json');
  if (root === undefined) throw new Error(`There is no package.json in ${from}, or above it`);
  return root;
}

/** The directory of the `@candle/cli` that a plugin is developed with. @throws when it has none */
export function getCliRoot(pluginRoot: string): string {
  const cli = join('node_modules', '@candle', 'cli');
  const found = findUpwards(pluginRoot, join(cli, 'package.json'));
  if (found === undefined) {
    throw new Error(`@candle/cli is not installed in ${pluginRoot}: npm install --save-dev @candle/cli`);
  }
  return join(found, cli);
}
