#!/usr/bin/env node
// candle-plugin-manifest: run it in the directory of a plugin, after the build.
import { getPluginRoot } from './find-package.ts';
import { writeManifest } from './write-manifest.ts';

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
