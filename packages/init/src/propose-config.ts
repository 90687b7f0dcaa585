import type { WrittenConfig } from '@candle/core/config';
import { connectServices } from './connect-services.ts';
import { expectedPortOf } from './default-port.ts';
import { findLanguages, scriptText } from './languages/find-languages.ts';
import { findPackages } from './packages/find-packages.ts';
import { packageFiles } from './packages/package-json.ts';
import { directoriesBelow } from './packages/workspace-patterns.ts';
import type { ProjectFiles } from './project-files.ts';
import { type Finding, mergeFindings, type Note, nothingFound, type ProposedService } from './proposal.ts';
import { isWithin, parentOf, pathIn, type Source, type SourceContext } from './source.ts';
import { containers, languages, lastResorts, processFiles } from './sources.ts';
import { withUniqueNames } from './unique-names.ts';

/** What the files of a project say about its services. */
export interface ConfigProposal extends Finding {
  /** Whether some of the programs run in containers, so that it matters whether `docker compose` works. */
  readonly hasContainers: boolean;
}

/** A finding about a directory and everything below it. */
interface Managed extends Finding {
  readonly directory: string;
}

/** What is known before the files of a project are read. */
export interface ProposalContext extends SourceContext {
  /** The services that are already configured. */
  readonly configured?: WrittenConfig | undefined;
  /** The only file whose services are wanted, relative to the project. */
  readonly from?: string | undefined;
}

/**
 * The services of a project, connected with each other; those that are already configured have their configured names. A file
 * of a process manager describes everything below it. Elsewhere, packages, languages and containers add up, and sources of last
 * resort are used if there is nothing else. Pure, apart from reading files.
 */
export function proposeConfig(files: ProjectFiles, context: ProposalContext): ConfigProposal {
  const { found, hasContainers } =
    context.from === undefined ? findEverywhere(files, context) : findIn(files, context.from, context);
  return { ...connectServices(files, withUniqueNames(found, context.configured)), hasContainers };
}

interface Search {
  readonly found: Finding;
  readonly hasContainers: boolean;
}

function findEverywhere(files: ProjectFiles, context: SourceContext): Search {
  const directories = ['', ...directoriesBelow(files)];
  const { managed, deployments, notes } = findManaged(files, context, directories);
  const isFree = (directory: string) => !managed.some((found) => isWithin(directory, found.directory));
  const packages = onlyWhere(isFree, findPackages(files));
  const free = directories.filter(isFree);
  const developed = [packages, ...findLanguages(files, context, { directories: free, packages })];
  const serves = (directory: string) =>
    developed.some(({ services }) => services.some(({ from }) => isWithin(parentOf(from.file), directory)));
  const deployed = deployments.map((found) => (serves(found.directory) ? asIgnored(found) : found));
  const programs = mergeFindings([...managed, ...deployed, ...developed, notes]);
  const inContainers = mergeFindings(directories.map((directory) => containers.find(files, directory, context)));
  const found = [programs, withoutSamePrograms(files, inContainers, programs.services)];
  const rest = programs.services.length > 0 ? [] : [findLastResort(files, context, free)];
  return {
    found: mergeFindings([...found, ...rest]),
    hasContainers: inContainers.services.length + inContainers.ports.length > 0,
  };
}

/** The services of one file, even if another one would be used otherwise. */
function findIn(files: ProjectFiles, from: string, context: SourceContext): Search {
  if (isPackageFile(from)) {
    const directory = parentOf(from);
    return { found: onlyWhere((each) => isWithin(each, directory), findPackages(files)), hasContainers: false };
  }
  const { source, directory } = findSource(from) ?? {};
  if (source === undefined || directory === undefined) return { found: nothingFound, hasContainers: false };
  // The files of a language describe a program together. Of others, only one is used.
  const isHidden = (path: string) =>
    path !== from && !languages.includes(source) && findSource(path)?.source === source && !isOnTop(path);
  const found = source.find(withoutFiles(files, isHidden), directory, context);
  return { found, hasContainers: source === containers && found.services.length + found.ports.length > 0 };
}

/** Changes what another file says, on this machine only. */
function isOnTop(path: string): boolean {
  return path.endsWith('.local');
}

function isPackageFile(path: string): boolean {
  return packageFiles.some((name) => isNamed(path, name));
}

/** The source that reads a file, and the directory that it describes. */
function findSource(path: string): { readonly source: Source; readonly directory: string } | undefined {
  for (const source of allSources) {
    const name = source.fileNames.find((each) => isNamed(path, each));
    if (name !== undefined) return { source, directory: path.slice(0, -name.length - 1) };
    if (source.readsOther?.(path.slice(path.lastIndexOf('/') + 1)) === true)
      return { source, directory: parentOf(path) };
  }
  return undefined;
}

/** Whether a path ends with a name, such as `bin/dev`. */
function isNamed(path: string, name: string): boolean {
  return path === name || path.endsWith(`/${name}`);
}

/** Whether services can be found in a file with this path. */
export function isSourceFile(path: string): boolean {
  return isPackageFile(path) || findSource(path) !== undefined;
}

function withoutFiles(files: ProjectFiles, isHidden: (path: string) => boolean): ProjectFiles {
  return {
    read: (path) => (isHidden(path) ? undefined : files.read(path)),
    kindOf: (path) => (isHidden(path) ? undefined : files.kindOf(path)),
    list: (directory) => files.list(directory).filter((name) => !isHidden(pathIn(directory, name))),
  };
}

const allSources = [...processFiles, containers, ...languages, ...lastResorts];

/** The names of the files in which services are looked for. */
export function listFileNames(): readonly string[] {
  return [...packageFiles, ...allSources.flatMap(({ fileNames }) => fileNames)];
}

interface ManagedDirectories {
  readonly managed: readonly Managed[];
  /** Procfiles for deployment. They describe a directory only if nothing else does. */
  readonly deployments: readonly Managed[];
  readonly notes: Finding;
}

function findManaged(files: ProjectFiles, context: SourceContext, directories: readonly string[]): ManagedDirectories {
  const managed: Managed[] = [];
  const deployments: Managed[] = [];
  const rest: Finding[] = [];
  for (const directory of directories) {
    if (managed.some((found) => isWithin(directory, found.directory))) continue;
    const findings = processFiles.map((source) => ({ ...source.find(files, directory, context), directory }));
    const chosen = findings.find(({ services }) => services.length > 0);
    if (chosen !== undefined) (isDeployment(chosen) ? deployments : managed).push(chosen);
    rest.push(...findings.filter((finding) => finding !== chosen).map(asIgnored));
  }
  return { managed, deployments, notes: mergeFindings(rest) };
}

/** Only Heroku and its like run `release`, before they start the processes of a Procfile. */
function isDeployment({ services, ignored }: Finding): boolean {
  const isProcfile = services.some(({ from }) => /(?:^|\/)Procfile$/.test(from.file));
  return isProcfile && ignored.some(({ text }) => text.startsWith("'release'"));
}

/** A finding whose services another file describes. */
function asIgnored({ services, problems }: Finding): Finding {
  const text = 'This file is not used, because another file describes how to develop this directory';
  const names = [...new Set(services.map(({ from }) => from.file))];
  return { ...nothingFound, problems, ignored: names.map((file) => ({ place: { file }, text })) };
}

function onlyWhere(isFree: (directory: string) => boolean, finding: Finding): Finding {
  const isUsed = ({ place: { file } }: Note) => isFree(parentOf(file));
  return {
    ...finding,
    services: finding.services.filter(({ from }) => isFree(parentOf(from.file))),
    ignored: finding.ignored.filter(isUsed),
    advice: finding.advice.filter(isUsed),
  };
}

/** A container is the same program as a service on its port. A script that starts Compose starts all of its containers. */
function withoutSamePrograms(files: ProjectFiles, found: Finding, programs: readonly ProposedService[]): Finding {
  const starter = programs.find(
    (proposed) => proposed.isSelected && /\bdocker[- ]compose\b[^&|;]*\bup\b/.test(scriptText(files, proposed)),
  );
  const byPort = new Map(
    programs.map((proposed) => {
      const owner = `'${proposed.service.name}' (${proposed.from.file})`;
      return [expectedPortOf(files, proposed), owner] as const;
    }),
  );
  const reasonFor = (port: number | undefined): string | undefined => {
    if (starter !== undefined) return `'${starter.service.name}' starts it`;
    const owner = port === undefined ? undefined : byPort.get(port);
    return owner === undefined ? undefined : `its port ${port} is that of ${owner}`;
  };
  const ignored: Note[] = [];
  const keep = (name: string, place: Note['place'], port: number | undefined) => {
    const reason = reasonFor(port);
    if (reason !== undefined)
      ignored.push({ place, text: `'${name}' is the same program as another service, because ${reason}` });
    return reason === undefined;
  };
  const services = found.services.filter(({ service, from, defaultPort }) =>
    keep(service.name, from, defaultPort ?? (typeof service.port === 'number' ? service.port : undefined)),
  );
  const ports = found.ports.filter(({ name, port, from, defaultPort }) =>
    keep(name, from, defaultPort ?? (typeof port.port === 'number' ? port.port : undefined)),
  );
  return { ...found, services, ports, ignored: [...found.ignored, ...ignored] };
}

/** What starts the project if no other file says it: of the first directory that has something. */
function findLastResort(files: ProjectFiles, context: SourceContext, directories: readonly string[]): Finding {
  const near = directories.filter((directory) => !directory.includes('/'));
  const findings = near.flatMap((directory) => lastResorts.map((source) => source.find(files, directory, context)));
  const used = findings.find(({ services }) => services.length > 0);
  return mergeFindings(findings.map((finding) => (finding === used ? finding : { ...finding, services: [] })));
}
