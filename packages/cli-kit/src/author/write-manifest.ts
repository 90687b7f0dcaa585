import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { getCliRoot } from './find-package.ts';

/** The part of oclif's Plugin class that is used here. */
type LoadPlugin = new (options: {
  root: string;
  ignoreManifest: true;
  errorOnManifestCreate: true;
  respectNoCacheDefault: true;
}) => { load(): Promise<void>; readonly manifest: { readonly commands: Readonly<Record<string, unknown>> } };

/**
 * Writes `oclif.manifest.json`, which lets candle list the commands of a plugin without loading them, and returns the
 * names of the commands. Uses the oclif of the `@candle/cli` that the plugin is developed with.
 */
export async function writeManifest(pluginRoot: string): Promise<readonly string[]> {
  const fromCli = createRequire(join(getCliRoot(pluginRoot), 'package.json'));
  const { Plugin } = fromCli('@oclif/core') as { Plugin: LoadPlugin };
  const plugin = new Plugin({
    root: pluginRoot,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  });
  await plugin.load();
  writeFileSync(join(pluginRoot, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest, null, 2)}\n`);
  return Object.keys(plugin.manifest.commands).map((id) => id.replaceAll(':', ' '));
}
