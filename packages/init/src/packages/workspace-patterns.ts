import type { ProjectFiles } from '../project-files.ts';
import { inDirectory } from '../source.ts';
import { packageFiles } from './package-json.ts';

/** Large monorepos have fewer packages; a pattern that matches more probably matches generated ones. */
export const maxMatches = 200;

/** Directories that are looked at for one project. */
const maxDirectories = 5_000;

/** Levels below the directory before a `**`. */
const maxDepth = 6;

/** Directories of packages that nobody starts. */
const skipped = /^(?:node_modules|bower_components|\..*|examples?|(?:__)?fixtures?(?:__)?|templates?|dist|vendor)$/;

export interface PatternMatches {
  readonly directories: readonly string[];
  /** Whether these are all. */
  readonly isComplete: boolean;
}

/** The directories with a package that workspace patterns such as `apps/*`, `packages/**` and `!packages/old` match. */
export function expandPatterns(files: ProjectFiles, patterns: readonly string[]): PatternMatches {
  const budget = { left: maxDirectories };
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => segmentsOf(pattern.slice(1)));
  const found = new Set<string>();
  // A directory outside the project has its own services.
  const included = patterns.filter((each) => !each.startsWith('!') && !each.split('/').includes('..'));
  for (const pattern of included) {
    for (const directory of directoriesOf(files, '', segmentsOf(pattern), budget)) {
      if (directory === '' || excluded.some((each) => matchesPath(directory.split('/'), each))) continue;
      if (hasFile(files, directory, packageFiles)) found.add(directory);
      if (found.size > maxMatches) break;
    }
  }
  return { directories: [...found].sort(), isComplete: found.size <= maxMatches && budget.left > 0 };
}

/** Directories up to two levels down that have one of the files, such as `client` and `apps/web`. */
export function directoriesWith(files: ProjectFiles, names: readonly string[]): readonly string[] {
  return directoriesBelow(files)
    .filter((directory) => hasFile(files, directory, names))
    .slice(0, maxMatches);
}

/** Directories up to two levels down, except those that never contain a program of the project; the nearest ones first. */
export function directoriesBelow(files: ProjectFiles): readonly string[] {
  const budget = { left: maxDirectories };
  const near = subdirectories(files, '', budget);
  return [...near, ...near.flatMap((directory) => subdirectories(files, directory, budget))];
}

function hasFile(files: ProjectFiles, directory: string, names: readonly string[]): boolean {
  return names.some((name) => files.kindOf(inDirectory(directory, name)) === 'file');
}

function* directoriesOf(
  files: ProjectFiles,
  directory: string,
  [segment, ...rest]: readonly string[],
  budget: { left: number },
  depth = 0,
): Generator<string> {
  if (segment === undefined) yield directory;
  else if (segment === '**') {
    yield* directoriesOf(files, directory, rest, budget);
    if (depth === maxDepth) return;
    for (const each of subdirectories(files, directory, budget)) {
      yield* directoriesOf(files, each, [segment, ...rest], budget, depth + 1);
    }
  } else if (/[*{]/.test(segment)) {
    for (const each of subdirectories(files, directory, budget)) {
      if (matchesSegment(each.slice(each.lastIndexOf('/') + 1), segment))
        yield* directoriesOf(files, each, rest, budget);
    }
  } else {
    const each = inDirectory(directory, segment);
    if (!skipped.test(segment) && files.kindOf(each) === 'directory') yield* directoriesOf(files, each, rest, budget);
  }
}

function subdirectories(files: ProjectFiles, directory: string, budget: { left: number }): readonly string[] {
  const found: string[] = [];
  for (const name of files.list(directory)) {
    if (budget.left <= 0) break;
    if (skipped.test(name)) continue;
    budget.left -= 1;
    const path = inDirectory(directory, name);
    if (files.kindOf(path) === 'directory') found.push(path);
  }
  return found;
}

function segmentsOf(pattern: string): readonly string[] {
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.filter((segment, at) => segment !== '**' || segments[at - 1] !== '**');
}

function matchesPath(path: readonly string[], [segment, ...rest]: readonly string[]): boolean {
  const [first, ...others] = path;
  if (segment === undefined) return first === undefined;
  if (segment === '**')
    return matchesPath(path, rest) || (first !== undefined && matchesPath(others, [segment, ...rest]));
  return first !== undefined && matchesSegment(first, segment) && matchesPath(others, rest);
}

/** Braces, as in `{apps,packages}`, are expanded. */
function matchesSegment(name: string, pattern: string): boolean {
  const [whole, before = '', choices = '', after = ''] = /^([^{}]*)\{([^{}]*)\}([^{}]*)$/.exec(pattern) ?? [];
  if (whole === undefined) return matchesText(name, pattern);
  return choices.split(',').some((choice) => matchesText(name, `${before}${choice}${after}`));
}

/** Whether a text matches a pattern in which `*` stands for any characters. In linear time for one `*`; never exponential. */
export function matchesText(text: string, pattern: string): boolean {
  let [at, inPattern, star, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern;
      resume = at;
      inPattern += 1;
    } else if (pattern[inPattern] === text[at]) {
      at += 1;
      inPattern += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      inPattern = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(inPattern));
}
