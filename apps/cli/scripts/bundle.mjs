// Bundles the CLI, one chunk a command, and writes oclif's manifest. drizzle-orm must never be imported unbundled:
// its 131 modules take half a second to load.

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEffectSentence } from '@candle/core';
import { rolldown } from 'rolldown';
import { noteModules, thirdPartyLicenses } from '../../../scripts/third-party-licenses.mjs';
import { leanOclif } from './lean-oclif.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const entries = (folder) =>
  Object.fromEntries(
    readdirSync(join(root, 'src', folder), { recursive: true })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => [`${folder}/${file.slice(0, -'.ts'.length)}`, join(root, 'src', folder, file)]),
  );
const programs = (...names) => Object.fromEntries(names.map((name) => [name, join(root, 'src', `${name}.ts`)]));

const modules = new Set();
const options = {
  cwd: root,
  platform: 'node',
  // jsonc-parser's other build hides its parts behind a dynamic require.
  resolve: { mainFields: ['module', 'main'], conditionNames: ['@candle/source', 'import', 'node', 'default'] },
  external: ['better-sqlite3', /^@oclif\/plugin-/],
  onLog(level, log, handler) {
    if (log.code !== 'EVAL' && log.code !== 'CIRCULAR_DEPENDENCY') handler(level, log);
  },
};
const bundle = await rolldown({
  ...options,
  input: { ...programs('main', 'event-runner', 'hook-host'), ...entries('commands'), ...entries('hooks') },
  plugins: [leanOclif, noteModules(modules)],
});
const output = {
  dir: dist,
  format: 'esm',
  chunkFileNames: 'chunks/[name]-[hash].js',
  // An eighth of all that is installed of Candle's own, and nobody reads them there.
  comments: { legal: true, annotation: false, jsdoc: false },
};
// Once without writing: a build that fails leaves the last good one in place.
await bundle.generate(output);
for (const part of ['commands', 'hooks', 'chunks', 'main.js', 'event-runner.js', 'hook-host.js'])
  rmSync(join(dist, part), { recursive: true, force: true });
await bundle.write(output);
await bundle.close();

// One file, loaded as a whole before it listens: an upgrade of the package under a supervisor must not break it.
const supervisor = await rolldown({
  ...options,
  input: { supervisor: join(root, 'src', 'supervisor.ts') },
  plugins: [noteModules(modules)],
});
await supervisor.write({ ...output, codeSplitting: false });
await supervisor.close();
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(modules));

const require = createRequire(import.meta.url);
const { Plugin } = require('@oclif/core');
const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
await plugin.load();
// What a command does to what is there, its help says in the words of the one table that MCP clients are told from, too.
for (const [id, command] of Object.entries(plugin.manifest.commands)) {
  const effect = findEffectSentence(id);
  if (effect) command.description = [command.description, effect].filter(Boolean).join('\n\n');
}
writeFileSync(join(root, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));
