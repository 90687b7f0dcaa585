import { type FileReading, readJsonc, readYaml } from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { Note } from '../proposal.ts';
import { inDirectory } from '../source.ts';
import { findNxProjects, type NxProject } from './nx.ts';
import { listAt, type Package, packageFiles, readPackage } from './package-json.ts';
import { findPackageManager, type PackageManager } from './package-manager.ts';
import { directoriesWith, expandPatterns, matchesText, maxMatches } from './workspace-patterns.ts';

/** The packages of a project. */
export interface Workspace {
  readonly root: Package | undefined;
  /** All packages, the root first, then by directory. */
  readonly packages: readonly Package[];
  /** The packages that are installed together with the root. */
  readonly members: ReadonlySet<Package>;
  readonly nxProjects: readonly NxProject[];
  readonly managerOf: (found: Package) => PackageManager;
  readonly problems: readonly Note[];
  readonly advice: readonly Note[];
}

export function findWorkspace(files: ProjectFiles): Workspace {
  const { found: root, problem } = readPackage(files, '');
  const patterns = findPatterns(files, root);
  const matches = expandPatterns(files, patterns.patterns);
  const members = new Set(matches.directories.slice(0, maxMatches));
  const directories = [...new Set([...members, ...directoriesWith(files, packageFiles)])].sort();
  const reading = directories.map((directory) => readPackage(files, directory));
  const others = reading.flatMap(({ found }) => found ?? []);
  const packages = [...(root === undefined ? [] : [root]), ...others];
  const rootManager = findPackageManager(files, '', root) ?? { agent: 'npm', lockfile: undefined };
  const isMember = ({ directory }: Package) => directory === '' || members.has(directory);
  return {
    root,
    packages,
    members: new Set(packages.filter(isMember)),
    nxProjects: findNxProjects(files, packages),
    managerOf: (found) =>
      isMember(found) && (found.packageManager === 'deno') === (rootManager.agent === 'deno')
        ? rootManager
        : (findPackageManager(files, found.directory, found) ?? { agent: rootManager.agent, lockfile: undefined }),
    problems: [problem, patterns.problem, ...reading.map((each) => each.problem)].filter((note) => note !== undefined),
    advice: matches.isComplete
      ? []
      : [
          {
            place: patterns.place,
            text: `The workspace patterns match more than ${maxMatches} packages, and only the first ${maxMatches} were read`,
          },
        ],
  };
}

interface Patterns {
  readonly patterns: readonly string[];
  readonly place: { readonly file: string };
  readonly problem?: Note;
}

function findPatterns(files: ProjectFiles, root: Package | undefined): Patterns {
  const pnpm = readPnpmWorkspace(files);
  if (pnpm !== undefined) return pnpm;
  if (root !== undefined && root.workspaces.length > 0) {
    return { patterns: root.workspaces, place: { file: 'package.json' } };
  }
  return patternsIn('lerna.json', readJsonc(files, 'lerna.json'));
}

function readPnpmWorkspace(files: ProjectFiles): Patterns | undefined {
  const reading = readYaml(files, 'pnpm-workspace.yaml');
  const exists = reading.parsed !== undefined || reading.problem !== undefined;
  return exists ? patternsIn('pnpm-workspace.yaml', reading) : undefined;
}

function patternsIn(file: string, { parsed, problem }: FileReading): Patterns {
  return { patterns: listAt(parsed?.value, 'packages'), place: { file }, ...(problem && { problem }) };
}

/** The packages that a filter of turbo, pnpm, bun, npm or lerna selects, such as `web`, `@shop/*`, `./apps/*` or `web...`. */
export function selectPackages(
  { packages }: Pick<Workspace, 'packages'>,
  filters: readonly string[],
): readonly Package[] {
  const [without, wanted] = [
    filters.filter((filter) => filter.startsWith('!')),
    filters.filter((f) => !f.startsWith('!')),
  ];
  const candidates = packages.filter(
    (each) => wanted.length === 0 || wanted.some((filter) => matchesFilter(each, filter)),
  );
  return candidates.filter((each) => !without.some((filter) => matchesFilter(each, filter.slice(1))));
}

function matchesFilter({ name, directory }: Package, filter: string): boolean {
  // `...` adds dependencies or dependents, which are libraries or have their own service.
  const core = filter.replace(/^\.\.\.\^?|\^?\.\.\.$/g, '').replace(/\[.*\]$/, '');
  const path = /^\{(.*)\}$/.exec(core)?.[1] ?? core;
  if (path !== core || /^\.?\//.test(core)) return matchesText(directory, inDirectory('', path));
  if (name === undefined) return matchesText(directory, inDirectory('', core));
  return [name, name.replace(/^@[^/]+\//, ''), directory].some((each) => matchesText(each, core));
}
