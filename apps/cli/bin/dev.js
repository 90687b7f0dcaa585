#!/usr/bin/env node
// Runs the CLI and all its programs from the TypeScript sources of this repository, so that a change shows without a
// build. This file is not published.
import '../scripts/resolve-sources.mjs';

const { start } = await import('./start.js');
await start(() =>
  orExit(async () => {
    const { prepareSourcePackage } = await import('../scripts/source-package.mjs');
    return {
      packageRoot: await prepareSourcePackage(),
      load: () => orExit(() => import('../src/main.ts')),
      loadQuick: () => orExit(() => import('../src/quick.ts')),
    };
  }),
);

async function orExit(load) {
  try {
    return await load();
  } catch (error) {
    // The error of the built CLI would only say that Candle could not be loaded.
    console.error(error);
    process.exit(1);
  }
}
