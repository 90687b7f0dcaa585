import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import type { ProjectFiles } from '../project-files.ts';
import type { Note } from '../proposal.ts';
import { lineAt, readJson, stringMembers, type TextAt } from './json-file.ts';

/** A package.json, as far as it matters for the services. */
export interface Package {
  /** Relative to the project; `''` is the project directory. */
  readonly directory: string;
  readonly file: string;
  readonly name: string | undefined;
  readonly scripts: ReadonlyMap<string, TextAt>;
  /** The names of all packages that it depends on, in whatever way. */
  readonly dependencies: ReadonlySet<string>;
  readonly workspaces: readonly string[];
  /** Such as `pnpm@10.1.0`. */
  readonly packageManager: string | undefined;
  readonly main: string | undefined;
  /** Whether it installs a command. */
  readonly hasCommand: boolean;
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
  const file = inDirectory(directory, name);
  const json = readJson(files, file, { hasComments: true });
  if (json?.root === undefined) return json?.problem === undefined ? {} : { problem: json.problem };
  const { root, text } = json;
  const tasks = findNodeAtLocation(root, ['tasks']);
  const scripts = new Map(stringMembers(tasks, text));
  // A task may also be an object with the command.
  for (const { children: [key, value] = [], offset } of tasks?.children ?? []) {
    const command = value?.type === 'object' ? textAt(value, 'command') : undefined;
    if (command !== undefined) scripts.set(String(key?.value), { text: command, line: lineAt(text, offset) });
  }
  return {
    found: {
      directory,
      file,
      name: textAt(root, 'name'),
      scripts: readable(scripts),
      dependencies: new Set(stringMembers(findNodeAtLocation(root, ['imports']), text).keys()),
      workspaces: [...listAt(root, 'workspace'), ...listAt(root, 'workspace', 'members')],
      packageManager: 'deno',
      main: undefined,
      hasCommand: false,
    },
  };
}

function readPackageJson(files: ProjectFiles, directory: string): PackageReading {
  const file = inDirectory(directory, 'package.json');
  const json = readJson(files, file);
  if (json?.root === undefined) return json?.problem === undefined ? {} : { problem: json.problem };
  const { root, text } = json;
  return {
    found: {
      directory,
      file,
      name: textAt(root, 'name'),
      scripts: readable(stringMembers(findNodeAtLocation(root, ['scripts']), text)),
      dependencies: new Set(
        ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) => [
          ...stringMembers(findNodeAtLocation(root, [kind]), text).keys(),
        ]),
      ),
      workspaces: [
        ...listAt(root, 'workspaces'),
        // The form of yarn 1, which bun accepts too.
        ...listAt(root, 'workspaces', 'packages'),
      ],
      packageManager: textAt(root, 'packageManager') ?? engineOf(root),
      main: textAt(root, 'main'),
      hasCommand: findNodeAtLocation(root, ['bin']) !== undefined,
    },
  };
}

/** More than people write by hand. Scripts can start each other, so that the time grows faster than their number. */
const [maxScripts, maxScriptLength] = [300, 8_000];

function readable(scripts: ReadonlyMap<string, TextAt>): ReadonlyMap<string, TextAt> {
  return new Map([...scripts].filter(([, { text }]) => text.length <= maxScriptLength).slice(0, maxScripts));
}

/** The path of a file in a directory, both relative to the project. */
export function inDirectory(directory: string, path: string): string {
  const segments: string[] = [];
  for (const segment of `${directory}/${path}`.split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) return `../${path}`;
    } else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}

export function listAt(root: Node, ...path: readonly string[]): readonly string[] {
  const node = findNodeAtLocation(root, [...path]);
  const value: unknown = node?.type === 'array' ? getNodeValue(node) : [];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function textAt(root: Node, ...path: readonly string[]): string | undefined {
  const value: unknown = findNodeAtLocation(root, [...path])?.value;
  return typeof value === 'string' ? value : undefined;
}

function engineOf(root: Node): string | undefined {
  const name = textAt(root, 'devEngines', 'packageManager', 'name');
  return name && `${name}@${textAt(root, 'devEngines', 'packageManager', 'version') ?? ''}`;
}
