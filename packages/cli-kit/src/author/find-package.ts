import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Finds the nearest directory, at `from` or above it, that contains this file. */
function findUpwards(from: string, file: string): string | undefined {
  if (existsSync(join(from, file))) return from;
  return dirname(from) === from ? undefined : findUpwards(dirname(from), file);
}

/** Returns the root of the plugin that a directory belongs to. @throws if there is none */
export function getPluginRoot(from: string): string {
  const root = findUpwards(from, 'package.json');
  if (root === undefined) throw new Error(`No package.json was found in ${from} or above it`);
  return root;
}

/** Returns the directory of the `@candle/cli` that a plugin is developed with. @throws if it is not installed */
export function getCliRoot(pluginRoot: string): string {
  const cli = join('node_modules', '@candle', 'cli');
  const found = findUpwards(pluginRoot, join(cli, 'package.json'));
  if (found === undefined) {
    throw new Error(`@candle/cli is not installed in ${pluginRoot}. To install it: npm install --save-dev @candle/cli`);
  }
  return join(found, cli);
}
