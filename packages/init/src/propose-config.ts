import { findDefaultPort } from './default-port.ts';
import { findPackages } from './packages/find-packages.ts';
import { packageFiles } from './packages/package-json.ts';
import { directoriesBelow } from './packages/workspace-patterns.ts';
import type { ProjectFiles } from './project-files.ts';
import { type Finding, mergeFindings, type Note, nothingFound, type ProposedService } from './proposal.ts';
import { pathIn, readHint, type SourceContext, type Source } from './source.ts';
import { containers, languages, lastResorts, processFiles } from './sources.ts';
import { withUniqueNames } from './unique-names.ts';

/** What a project's files say about its services. */
export interface ConfigProposal extends Finding {
  /** The names of the files that were looked for. */
  readonly lookedFor: readonly string[];
  /** Whether `docker compose` would start some of the services. */
  readonly hasContainers: boolean;
}

/** A finding, with the directory that it describes. */
interface Found extends Finding {
  readonly directory: string;
}

/**
 * The services of a project. A file of a process manager describes everything below it; elsewhere, packages, languages and
 * containers add up, and the sources of last resort are used if nothing else was found. Pure, apart from reading files.
 */
export function proposeConfig(files: ProjectFiles, context: SourceContext): ConfigProposal {
  const directories = ['', ...directoriesBelow(files)];
  const managed = findManaged(files, context, directories);
  const isFree = (directory: string) => !managed.some((found) => isWithin(directory, found.directory));
  const packages = isFree('') ? withoutManaged(findPackages(files), isFree) : nothingFound;
  const others = findLanguages(files, context, { directories: directories.filter(isFree), packages });
  const programs = withoutDeployment(files, mergeFindings([...managed, packages, ...others]), {
    isFree,
    inner: () => findInner(files, context, directories),
  });
  const inDirectories = directories.map((directory) => containers.find(files, directory, context));
  const started = withoutStarted(files, programs, mergeFindings(inDirectories));
  const found = mergeFindings([programs, withoutSamePrograms(files, programs, started)]);
  const all = programs.services.length > 0 ? found : mergeFindings([findLastResort(files, context), found]);
  return {
    ...withUniqueNames(all),
    lookedFor: namesLookedFor(),
    hasContainers: inDirectories.some(({ services, ports }) => services.length + ports.length > 0),
  };
}

export function namesLookedFor(): readonly string[] {
  const sources = [...processFiles, containers, ...languages, ...lastResorts];
  return ['package.json', 'deno.json', ...sources.flatMap(({ looksFor }) => looksFor)];
}

function isWithin(directory: string, parent: string): boolean {
  return parent === '' || directory === parent || directory.startsWith(`${parent}/`);
}

export function directoryOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
}

/** What the files of process managers describe; of one directory, the first file. */
function findManaged(files: ProjectFiles, context: SourceContext, directories: readonly string[]): readonly Found[] {
  const managed: Found[] = [];
  const problems: Found[] = [];
  for (const directory of directories) {
    if (managed.some((found) => isWithin(directory, found.directory))) continue;
    const findings = processFiles.map((source) => ({ ...source.find(files, directory, context), directory }));
    const chosen = findings.find(({ services }) => services.length > 0);
    if (chosen !== undefined) managed.push(chosen);
    problems.push(
      ...findings
        .filter((finding) => finding !== chosen)
        .map(({ services, ...finding }) => ({
          ...finding,
          services: [],
          ignored: [...finding.ignored, ...notUsed(services, chosen)],
        })),
    );
  }
  return [...managed, ...problems.filter(({ problems, ignored }) => problems.length + ignored.length > 0)];
}

/** One note for each file. */
function notUsed(services: readonly ProposedService[], chosen: Finding | undefined): readonly Note[] {
  const [other] = chosen?.services ?? [];
  const names = new Set(services.map(({ from }) => from.file));
  return [...names].map((file) => ({
    place: { file },
    text: `The file is not used, because ${other?.from.file ?? 'another file'} describes the same directory`,
  }));
}

function withoutManaged(finding: Finding, isFree: (directory: string) => boolean): Finding {
  const isUsed = ({ place: { file } }: Note) => isFree(directoryOf(file));
  return {
    ...finding,
    services: finding.services.filter(({ from }) => isFree(directoryOf(from.file))),
    ignored: finding.ignored.filter(isUsed),
    advice: finding.advice.filter(isUsed),
  };
}
