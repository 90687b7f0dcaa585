// Creates a directory with the layout of the built package, in which all code comes from the sources: the commands and
// hooks are links, and the programs are short scripts that import the sources. So the CLI and oclif need no second way to
// find their files.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePackageFiles } from './package-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Below node_modules, so that git, the linters and npm ignore it. */
const target = join(root, 'node_modules', '.source-package');
const links = ['package.json', 'agents', 'dist/commands', 'dist/hooks'];
const programs = ['supervisor.js', 'event-runner.js', 'hook-host.cjs', 'plugin-reader.cjs'];
/** The help, the schema and the pages are generated from these. */
const sources = [
  'src',
  'scripts',
  '../../docs',
  ...['documents', 'core', 'supervisor', 'mcp', 'cli-kit'].map(sourcesOf),
];

/** Returns the path of the directory. Updates it if a source has changed since the last call. */
export async function prepareSourcePackage() {
  // The path is part of it because the links and scripts contain it, and the repository may be moved.
  const stamp = `${root} ${Math.max(...sources.map((source) => newestIn(join(root, source))))}`;
  if (readStamp() === stamp) return target;
  const prepared = mkdtempSync(`${target}-`);
  try {
    mkdirSync(join(prepared, 'dist'));
    for (const path of links) symlinkSync(join(root, path.replace(/^dist\//, 'src/')), join(prepared, path));
    for (const file of programs) writeFileSync(join(prepared, 'dist', file), programText(parse(file).name));
    await writePackageFiles(prepared);
    writeFileSync(join(prepared, 'stamp'), stamp);
    replaceTarget(prepared);
  } finally {
    rmSync(prepared, { recursive: true, force: true });
  }
  return target;
}

/** Replaces the directory as a whole, because other processes may be reading it. */
function replaceTarget(prepared) {
  const old = `${prepared}-old`;
  try {
    if (existsSync(target)) renameSync(target, old);
    renameSync(prepared, target);
  } catch (error) {
    // Another process has replaced it at the same time, from the same sources.
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}

function sourcesOf(name) {
  return `../../packages/${name}/src`;
}

/** The time of the last change below a directory, in milliseconds. Directories count too, because files may be deleted. */
function newestIn(directory) {
  const paths = readdirSync(directory, { recursive: true }).map((path) => join(directory, path));
  // An editor may delete its temporary files at any moment.
  return Math.max(...[directory, ...paths].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

function readStamp() {
  try {
    return readFileSync(join(target, 'stamp'), 'utf8');
  } catch {
    return undefined;
  }
}

/** Imports one after the other, so that the second one resolves only after the first has taken effect. */
function programText(name) {
  const url = (path) => JSON.stringify(new URL(path, import.meta.url).href);
  return `import(${url('resolve-sources.mjs')}).then(() => import(${url(`../src/${name}.ts`)}));\n`;
}
