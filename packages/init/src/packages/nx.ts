import { entriesOf, readJsonc, textOf, valueAt } from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import { inDirectory } from '../source.ts';
import type { Package } from './package-json.ts';
import type { Word } from './shell-line.ts';
import { directoriesWith } from './workspace-patterns.ts';

/** A project of an nx workspace: a directory with project.json, or a package. */
export interface NxProject {
  readonly name: string;
  readonly directory: string;
  readonly targets: ReadonlyMap<string, NxTarget>;
  readonly found: Package | undefined;
}

export interface NxTarget {
  /** Such as `@nx/vite:dev-server`; undefined if a plugin provides it. */
  readonly executor: string | undefined;
  /** The command of a target without an executor. */
  readonly command: string | undefined;
}

export function findNxProjects(files: ProjectFiles, packages: readonly Package[]): readonly NxProject[] {
  if (files.kindOf('nx.json') !== 'file') return [];
  const described = directoriesWith(files, ['project.json']).flatMap((directory): NxProject[] => {
    const { parsed } = readJsonc(files, inDirectory(directory, 'project.json'));
    if (parsed === undefined) return [];
    const found = packages.find((each) => each.directory === directory);
    const name =
      textOf(valueAt(parsed.value, 'name')) ?? found?.name ?? directory.slice(directory.lastIndexOf('/') + 1);
    return [{ name, directory, targets: targetsOf(valueAt(parsed.value, 'targets')), found }];
  });
  const others = packages
    .filter(({ directory }) => directory !== '' && !described.some((each) => each.directory === directory))
    .flatMap((found) => (found.name === undefined ? [] : [{ name: found.name, ...ofPackage(found) }]));
  return [...described, ...others];
}

function ofPackage(found: Package) {
  return { directory: found.directory, targets: new Map<string, NxTarget>(), found };
}

function targetsOf(written: unknown): ReadonlyMap<string, NxTarget> {
  const targets = Object.entries(entriesOf(written)).map(([name, target]) => {
    const command = textOf(valueAt(target, 'command')) ?? textOf(valueAt(target, 'options', 'command'));
    return [name, { executor: textOf(valueAt(target, 'executor')), command }] as const;
  });
  return new Map(targets);
}

/** The target that `nx run api:serve`, `nx serve api` and `nx api:serve` run. */
export function findNxTarget(words: readonly Word[]): { readonly project: string; readonly name: string } | undefined {
  if (words[0]?.text !== 'nx') return undefined;
  const [first, second] = words.slice(1).flatMap(({ text }) => (text.startsWith('-') ? [] : [text]));
  const [, project, name] = /^([^:]+):([^:]+)(?::.+)?$/.exec((first === 'run' ? second : first) ?? '') ?? [];
  if (project !== undefined && name !== undefined) return { project, name };
  if (first === undefined || second === undefined || !/^(?:serve|dev|start|develop)$/.test(first)) return undefined;
  return { project: second, name: first };
}
