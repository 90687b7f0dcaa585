// Bundles the CLI with one chunk per command, and writes the manifest for oclif and the schema of .candle.json. Never import
// drizzle-orm unbundled: its 131 modules take half a second to load.

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { noteModules, thirdPartyLicenses } from '../../../scripts/third-party-licenses.mjs';
import { leanMcp } from './lean-mcp.mjs';
import { leanOclif } from './lean-oclif.mjs';
import { builtData, bundledSqlite, lazyRequire } from './lean-start.mjs';
import { writePackageFiles } from './package-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const entries = (folder) =>
  Object.fromEntries(
    readdirSync(join(root, 'src', folder), { recursive: true })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => [`${folder}/${file.slice(0, -'.ts'.length)}`, join(root, 'src', folder, file)]),
  );
const programs = (...names) => Object.fromEntries(names.map((name) => [name, join(root, 'src', `${name}.ts`)]));

/** The files that are copied into the package or bundled. */
const modules = new Set([fileURLToPath(import.meta.resolve('@bomb.sh/tab'))]);
const options = {
  cwd: root,
  platform: 'node',
  // The other build of jsonc-parser cannot be bundled because it uses a dynamic require.
  resolve: { mainFields: ['module', 'main'], conditionNames: ['@candle/source', 'import', 'node', 'default'] },
  external: [/^@oclif\/plugin-/],
  onLog(level, log, handler) {
    if (log.code !== 'EVAL' && log.code !== 'CIRCULAR_DEPENDENCY') handler(level, log);
  },
};
const bundle = await rolldown({
  ...options,
  input: { ...programs('main', 'hook-host', 'plugin-reader'), ...entries('commands'), ...entries('hooks') },
  plugins: [leanMcp, leanOclif, builtData, bundledSqlite, lazyRequire, noteModules(modules)],
});
const output = {
  dir: dist,
  format: 'esm',
  // Comments are an eighth of the installed size of Candle's own code, and nobody reads them there.
  comments: { legal: true, annotation: false, jsdoc: false },
  // Saves a third of the size. The names of functions and classes are kept so that stack traces are readable.
  minify: {
    compress: { keepNames: { function: true, class: true } },
    mangle: { keepNames: true },
    codegen: { removeWhitespace: true },
  },
};
/** Node.js starts faster with CommonJS: an import of a built-in module reads all its exports, some of which load others. */
const commonJs = {
  ...output,
  format: 'cjs',
  exports: 'named',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
};
// Generates without writing first: a failing build keeps the last good output, and the result shows what every command loads.
const startModules = loadedWith('main.cjs', (await bundle.generate(commonJs)).output);
/** What oclif uses for wrapped and coloured texts, which only help and some errors have. */
const ofTexts =
  /\/(ansi-escapes|ansi-styles|ansis|clean-stack|cli-spinners|color-convert|color-name|debug|ejs|emoji-regex|indent-string|ms|string-width|supports-color|wordwrap|wrap-ansi)\//;
const isOrm = (id) => id.includes('/drizzle-orm/') || id.endsWith('/core/src/store/schema.ts');
for (const part of ['commands', 'hooks', 'chunks', 'main.cjs', 'hook-host.cjs', 'plugin-reader.cjs'])
  rmSync(join(dist, part), { recursive: true, force: true });
// One file for these modules: each additional file costs Node.js about as much time as 50 KB of code.
await bundle.write({
  ...commonJs,
  codeSplitting: {
    groups: [
      { name: 'sqlite', test: /\/better-sqlite3\/lib\//, priority: 2 },
      { name: 'orm', test: isOrm, priority: 1 },
      { name: 'oclif-texts', test: ofTexts, priority: 1 },
      { name: 'start', test: (id) => startModules.has(id) },
    ],
  },
});
await bundle.close();

// Apart from the others, whose shared code is in one file with oclif.
const quick = await rolldown({
  ...options,
  input: programs('quick'),
  plugins: [builtData, bundledSqlite, lazyRequire, noteModules(modules)],
});
rmSync(join(dist, 'quick'), { recursive: true, force: true });
await quick.write({ ...commonJs, dir: join(dist, 'quick') });
await quick.close();

// One file each, completely loaded at the start, so that an upgrade of the package cannot break the running program.
for (const name of ['supervisor', 'event-runner']) {
  const program = await rolldown({
    ...options,
    external: ['better-sqlite3'],
    input: programs(name),
    plugins: [noteModules(modules)],
  });
  await program.write({ ...output, codeSplitting: false });
  await program.close();
}
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(modules));

await writePackageFiles(root);

/** The modules in a chunk and in all chunks that it imports statically. */
function loadedWith(fileName, chunks, seen = new Set()) {
  const chunk = chunks.find((found) => found.fileName === fileName);
  if (chunk === undefined || seen.has(fileName)) return new Set();
  seen.add(fileName);
  const own = chunk.isEntry ? chunk.moduleIds.filter((id) => id !== chunk.facadeModuleId) : chunk.moduleIds;
  return new Set([...own, ...chunk.imports.flatMap((imported) => [...loadedWith(imported, chunks, seen)])]);
}
