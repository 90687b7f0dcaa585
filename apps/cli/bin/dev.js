#!/usr/bin/env node
// Runs the CLI and all its programs from the TypeScript sources of this repository, so that a change shows without a
// build. This file is not published.
import '../scripts/resolve-sources.mjs';

const { start } = await import('./start.js');
await start(
  () =>
    load(async (packageRoot) => {
      const { runCli } = await import('../src/main.ts');
      return { runCli: (argv, currentDirectory) => runCli(argv, currentDirectory, packageRoot) };
    }),
  () =>
    load(async (packageRoot) => {
      const { answerQuickly } = await import('../src/quick.ts');
      return { answerQuickly: (argv, currentDirectory) => answerQuickly(argv, currentDirectory, packageRoot) };
    }),
);

async function load(importSources) {
  try {
    const { prepareSourcePackage } = await import('../scripts/source-package.mjs');
    return await importSources(await prepareSourcePackage());
  } catch (error) {
    // The error of the built CLI would only say that Candle could not be loaded.
    console.error(error);
    process.exit(1);
  }
}
