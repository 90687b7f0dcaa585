import { LineCounter, parseDocument } from 'yaml';
import { type ProjectFiles, readText } from '../project-files.ts';
import type { Note } from '../proposal.ts';
import { readJson } from './json-file.ts';
import { findNxProjects, type NxProject } from './nx.ts';
import { inDirectory, listAt, type Package, packageFiles, readPackage } from './package-json.ts';
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

/** Larger files can take seconds to parse; the catalogs of large workspaces have some 20 KiB. */
const maxYamlLength = 128 * 1024;

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
  const lerna = readJson(files, 'lerna.json', { hasComments: true });
  const patterns = lerna?.root === undefined ? [] : listAt(lerna.root, 'packages');
  const place = { file: 'lerna.json' };
  return { patterns, place, ...(lerna?.problem === undefined ? {} : { problem: lerna.problem }) };
}

function readPnpmWorkspace(files: ProjectFiles): Patterns | undefined {
  const place = { file: 'pnpm-workspace.yaml' };
  const { text, problem } = readText(files, place.file);
  if (problem !== undefined) return { patterns: [], place, problem };
  if (text === undefined) return undefined;
  if (text.length > maxYamlLength) {
    return { patterns: [], place, problem: { place, text: 'is larger than 128 KiB' } };
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lineCounter.linePos(error.pos[0]);
    return {
      patterns: [],
      place,
      problem: { place: { ...place, line }, text: `is not valid YAML: ${error.message.split('\n')[0]}` },
    };
  }
  const packages: unknown = document.getIn(['packages']);
  const items = packages !== null && typeof packages === 'object' && 'items' in packages ? packages.items : [];
  const patterns = (Array.isArray(items) ? items : []).map((item: unknown) =>
    item !== null && typeof item === 'object' && 'value' in item ? item.value : item,
  );
  return { patterns: patterns.filter((pattern) => typeof pattern === 'string'), place };
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
