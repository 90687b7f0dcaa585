// Bundles the CLI, one chunk a command, and writes oclif's manifest. drizzle-orm must never be imported unbundled:
// its 131 modules take half a second to load.

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEffectSentence } from '@candle/core';
import { rolldown } from 'rolldown';
import { leanMcp } from './lean-mcp.mjs';
import { leanOclif } from './lean-oclif.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const entries = (folder) =>
  Object.fromEntries(
    readdirSync(join(root, 'src', folder))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => [`${folder}/${basename(file, '.ts')}`, join(root, 'src', folder, file)]),
  );

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
  input: { main: join(root, 'src', 'main.ts'), ...entries('commands'), ...entries('hooks') },
  plugins: [leanMcp, leanOclif],
});
const output = { dir: dist, format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' };
// Once without writing: a build that fails leaves the last good one in place.
await bundle.generate(output);
for (const part of ['commands', 'hooks', 'chunks', 'main.js'])
  rmSync(join(dist, part), { recursive: true, force: true });
await bundle.write(output);
await bundle.close();

// One file, loaded as a whole before it listens: an upgrade of the package under a supervisor must not break it.
const supervisor = await rolldown({ ...options, input: { supervisor: join(root, 'src', 'supervisor.ts') } });
await supervisor.write({ ...output, codeSplitting: false });
await supervisor.close();

const require = createRequire(import.meta.url);
const { Plugin } = require('@oclif/core');
const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
await plugin.load();
// What a command does to what is there, its help says in the words of the one table that MCP clients are told from, too.
for (const [id, command] of Object.entries(plugin.manifest.commands)) {
  const effect = findEffectSentence(id);
  if (effect) command.description = [command.description, effect].filter(Boolean).join('\n\n');
}
writeFileSync(join(root, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest, null, 2)}\n`);
