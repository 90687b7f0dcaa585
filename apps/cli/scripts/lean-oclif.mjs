// Removes work from the bundled oclif that every command would do for nothing, which is an eighth of the time of
// `candle get-reserved-port`. This affects only the bundle; plugins have their own copy of oclif.

import { createRequire } from 'node:module';
import { loadAtFirstUse } from './lean-start.mjs';

const fromOclif = createRequire(createRequire(import.meta.url).resolve('@oclif/core'));

/** Replacements for modules. */
const standIns = {
  unused: 'export {};',
  // The index also loads plugin help, and semver to check the version of Node.js again.
  '@oclif/core': `
    export * as Args from '@oclif/core/args';
    export { Command } from '@oclif/core/command';
    export * as Flags from '@oclif/core/flags';`,
  // Prints only with DEBUG.
  debug: `
    const off = Object.assign(() => {}, { enabled: false });
    export default process.env.DEBUG ? require(${JSON.stringify(fromOclif.resolve('debug'))}) : () => off;`,
  // Every command calls it to determine the platform for plugins, and its imports are expensive.
  'wsl-utils': `
    import { release } from 'node:os';
    export const isWsl = process.platform === 'linux' && release().toLowerCase().includes('microsoft');
    export const powerShellPath = () => 'powershell.exe';`,
  // Finds the commands of a plugin without a manifest, so it is loaded on demand; it imports picomatch.
  tinyglobby: `export const glob = async (...search) => (await import(${JSON.stringify(fromOclif.resolve('tinyglobby'))})).glob(...search);`,
  // Matches patterns in the names of plugins, but package.json lists them without patterns.
  minimatch: 'export const minimatch = (name, pattern) => name === pattern;',
};

/** The first localeCompare of a process loads the collation data of the locale. Command ids are ASCII and do not need it. */
const slowSort = 'a.id.localeCompare(b.id)';
const plainSort = '(a.id < b.id ? -1 : 1)';

/** Parts of oclif that no command of Candle uses. They would be in the file that every command loads. */
const unused = { 'command.js': ['./config'], 'flags.js': ['./help'], 'errors/index.js': ['./handle'] };

function isUnused(source, importer = '') {
  const [, file = ''] = importer.split('/@oclif/core/lib/');
  return unused[file]?.includes(source) ?? false;
}

/** oclif's listener throws on every error except EPIPE, and needs the stream. Candle has its own. */
const listener = /^process\.stdout\.on\('error', [\s\S]*?\n\}\);$/m;

const idPrefix = '\0lean-oclif:';

/** How a module of oclif loads another one at its beginning, although most commands use few of them. */
const imported = /^const (\w+) = ((?:__import(?:Default|Star)\()?require\(["'][^"']+["']\)\)?);$/gm;

/** The package `open` needs the whole module to open a Windows browser from WSL. */
function needsAll(source, importer = '') {
  return source === 'wsl-utils' && !importer.includes('/@oclif/core/');
}

function replaceIn(id, code, found, replacement) {
  const replaced = code.replace(found, replacement);
  if (replaced === code) throw new Error(`${found} is no longer in ${id}`);
  return replaced;
}

/** A rolldown plugin. */
export const leanOclif = {
  name: 'lean-oclif',
  resolveId: (source, importer) => {
    if (isUnused(source, importer)) return `${idPrefix}unused`;
    return Object.hasOwn(standIns, source) && !needsAll(source, importer) ? idPrefix + source : undefined;
  },
  load: (id) => (id.startsWith(idPrefix) ? standIns[id.slice(idPrefix.length)] : undefined),
  transform(code, id) {
    if (!id.includes('/@oclif/core/lib/')) return undefined;
    const lean = loadAtFirstUse(code, imported, 'import');
    if (id.endsWith('/lib/command.js')) return replaceIn(id, lean, listener, '');
    return id.endsWith('/config/plugin.js') ? replaceIn(id, lean, slowSort, plainSort) : lean;
  },
};
