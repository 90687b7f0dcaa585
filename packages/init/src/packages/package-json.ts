import {
  entriesOf,
  type FileReading,
  type ParsedFile,
  readJson,
  readJsonc,
  textOf,
  textsOf,
  valueAt,
} from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { Note } from '../proposal.ts';
import { inDirectory } from '../source.ts';

/** A package.json, as far as it matters for the services. */
export interface Package {
  /** Relative to the project; `''` is the project directory. */
  readonly directory: string;
  readonly file: string;
  readonly name: string | undefined;
  readonly scripts: ReadonlyMap<string, Script>;
  /** The names of all packages that it depends on, in whatever way. */
  readonly dependencies: ReadonlySet<string>;
  readonly workspaces: readonly string[];
  /** Such as `pnpm@10.1.0`. */
  readonly packageManager: string | undefined;
  readonly main: string | undefined;
  /** Whether it installs a command. */
  readonly hasCommand: boolean;
}

export interface Script {
  readonly text: string;
  readonly line: number;
}

export interface PackageReading {
  readonly found?: Package;
  readonly problem?: Note;
}

/** The names of the files that describe a package. */
export const packageFiles = ['package.json', 'deno.json', 'deno.jsonc'] as const;

/** The package in a directory: its package.json, or the configuration of Deno if that has the scripts. */
export function readPackage(files: ProjectFiles, directory: string): PackageReading {
  const npm = readPackageJson(files, directory);
  if (npm.problem !== undefined || (npm.found !== undefined && npm.found.scripts.size > 0)) return npm;
  const deno = readDenoConfig(files, directory);
  if (deno.found === undefined) return { ...npm, ...deno };
  return { found: { ...deno.found, workspaces: [...(npm.found?.workspaces ?? []), ...deno.found.workspaces] } };
}

function readDenoConfig(files: ProjectFiles, directory: string): PackageReading {
  const name = ['deno.json', 'deno.jsonc'].find((each) => files.kindOf(inDirectory(directory, each)) === 'file');
  if (name === undefined) return {};
  return packageIn(readJsonc(files, inDirectory(directory, name)), (parsed) => {
    const { value, file } = parsed;
    return {
      directory,
      file,
      name: textOf(valueAt(value, 'name')),
      scripts: scriptsIn(parsed, 'tasks'),
      dependencies: new Set(Object.keys(entriesOf(valueAt(value, 'imports')))),
      workspaces: [...listAt(value, 'workspace'), ...listAt(value, 'workspace', 'members')],
      packageManager: 'deno',
      main: undefined,
      hasCommand: false,
    };
  });
}

function readPackageJson(files: ProjectFiles, directory: string): PackageReading {
  return packageIn(readJson(files, inDirectory(directory, 'package.json')), (parsed) => {
    const { value, file } = parsed;
    const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
    return {
      directory,
      file,
      name: textOf(valueAt(value, 'name')),
      scripts: scriptsIn(parsed, 'scripts'),
      dependencies: new Set(kinds.flatMap((kind) => Object.keys(entriesOf(valueAt(value, kind))))),
      workspaces: [
        ...listAt(value, 'workspaces'),
        // The form of yarn 1, which bun accepts too.
        ...listAt(value, 'workspaces', 'packages'),
      ],
      packageManager: textOf(valueAt(value, 'packageManager')) ?? engineOf(value),
      main: textOf(valueAt(value, 'main')),
      hasCommand: valueAt(value, 'bin') !== undefined,
    };
  });
}

function packageIn({ parsed, problem }: FileReading, describe: (parsed: ParsedFile) => Package): PackageReading {
  return { ...(parsed && { found: describe(parsed) }), ...(problem && { problem }) };
}

/** More than people write by hand. Scripts can start each other, so that the time grows faster than their number. */
const [maxScripts, maxScriptLength] = [300, 8_000];

/** The scripts in an object of the file. A task of Deno can be an object with its command. */
function scriptsIn({ value, placeOf }: ParsedFile, key: string): ReadonlyMap<string, Script> {
  const written = Object.entries(entriesOf(valueAt(value, key))).flatMap(([name, script]) => {
    const text = textOf(script) ?? textOf(valueAt(script, 'command'));
    return text === undefined || text.length > maxScriptLength ? [] : [{ name, text }];
  });
  return new Map(
    written.slice(0, maxScripts).map(({ name, text }) => [name, { text, line: placeOf([key, name]).line ?? 1 }]),
  );
}

/** The texts in a list; empty for everything else. */
export function listAt(value: unknown, ...path: readonly string[]): readonly string[] {
  const list = valueAt(value, ...path);
  return Array.isArray(list) ? textsOf(list) : [];
}

function engineOf(value: unknown): string | undefined {
  const engine = valueAt(value, 'devEngines', 'packageManager');
  const name = textOf(valueAt(engine, 'name'));
  return name && `${name}@${textOf(valueAt(engine, 'version')) ?? ''}`;
}
