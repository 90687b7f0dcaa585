#!/usr/bin/env node
// candle-plugin-manifest: to be run in the directory of a plugin, after its build.
import { getPluginRoot } from './find-package.ts';
import { writeManifest } from './write-manifest.ts';

try {
  const commands = await writeManifest(getPluginRoot(process.cwd()));
  if (commands.length === 0)
    throw new Error('The directory that oclif.commands names in package.json holds no command');
  process.stdout.write(`oclif.manifest.json: ${commands.map((name) => `candle ${name}`).join(', ')}\n`);
} catch (error) {
  process.stderr.write(`Error: No manifest was written: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
