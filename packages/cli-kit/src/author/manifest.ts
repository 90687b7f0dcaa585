#!/usr/bin/env node
// candle-plugin-manifest: run it in the directory of a plugin, after the build.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { getCliRoot, getPluginRoot } from './find-package.ts';

try {
  const commands = await writeManifest(getPluginRoot(process.cwd()));
  if (commands.length === 0)
    throw new Error('The oclif.commands directory set in package.json does not contain any command');
  process.stdout.write(`oclif.manifest.json: ${commands.map((name) => `candle ${name}`).join(', ')}\n`);
} catch (error) {
  process.stderr.write(
    `Error: The manifest was not written: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}

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
async function writeManifest(pluginRoot: string): Promise<readonly string[]> {
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
