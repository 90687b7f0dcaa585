// oclif as the CLI bundles it: what it does for every command without use here is left out. Together that is an
// eighth of the time of `candle get-reserved-port`. Only the bundle is concerned; plugins bring an oclif of their own.

import { createRequire } from 'node:module';

const fromOclif = createRequire(createRequire(import.meta.url).resolve('@oclif/core'));

/** Modules that something else stands in for. */
const standIns = {
  // The index also loads the help of plugins, and semver to check Node's version once more.
  '@oclif/core': `
    export * as Args from '@oclif/core/args';
    export { Command } from '@oclif/core/command';
    export * as Flags from '@oclif/core/flags';
    export { run } from '@oclif/core/run';`,
  // Asked by every command, only for the platform that is told to plugins; its imports cost more than all the rest of it.
  'wsl-utils': `
    import { release } from 'node:os';
    export const isWsl = process.platform === 'linux' && release().toLowerCase().includes('microsoft');
    export const powerShellPath = () => 'powershell.exe';`,
  // Looks for the commands of a plugin that has no manifest; it brings picomatch along.
  tinyglobby: `export const glob = async (...search) => (await import(${JSON.stringify(fromOclif.resolve('tinyglobby'))})).glob(...search);`,
  // For patterns among the names of plugins; package.json names each.
  minimatch: 'export const minimatch = (name, pattern) => name === pattern;',
};

/** The first localeCompare of a process loads the collation of the locale; command ids are plain ASCII. */
const slowSort = 'a.id.localeCompare(b.id)';
const plainSort = '(a.id < b.id ? -1 : 1)';

const mark = '\0lean-oclif:';

/** `open` opens a browser of Windows from within WSL. */
function needsAll(source, importer = '') {
  return source === 'wsl-utils' && !importer.includes('/@oclif/core/');
}

/** A plugin for rolldown. */
export const leanOclif = {
  name: 'lean-oclif',
  resolveId: (source, importer) =>
    Object.hasOwn(standIns, source) && !needsAll(source, importer) ? mark + source : undefined,
  load: (id) => (id.startsWith(mark) ? standIns[id.slice(mark.length)] : undefined),
  transform(code, id) {
    if (!id.endsWith('/@oclif/core/lib/config/plugin.js')) return undefined;
    if (!code.includes(slowSort)) throw new Error(`${slowSort} is no longer in ${id}`);
    return code.replace(slowSort, plainSort);
  },
};
