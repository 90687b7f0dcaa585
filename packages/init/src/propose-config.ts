import { findDefaultPort } from './default-port.ts';
import { python } from './languages/python.ts';
import { findPackages } from './packages/find-packages.ts';
import { directoriesBelow } from './packages/workspace-patterns.ts';
import type { ProjectFiles } from './project-files.ts';
import { type Finding, mergeFindings, type Note, nothingFound, type ProposedService } from './proposal.ts';
import { directoryOf, pathIn, readHint, type SourceContext } from './source.ts';
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

/**
 * The services of a project. A file of a process manager describes everything below it. Elsewhere, packages, languages and
 * containers add up, and sources of last resort are used if there is nothing else. Pure, apart from reading files.
 */
export function proposeConfig(files: ProjectFiles, context: SourceContext): ConfigProposal {
  const directories = ['', ...directoriesBelow(files)];
  const { managed, deployments, notes } = findManaged(files, context, directories);
  const isFree = (directory: string) => !managed.some((found) => isWithin(directory, found.directory));
  const packages = onlyWhere(isFree, findPackages(files));
  const free = directories.filter(isFree);
  const developed = [packages, ...findLanguages(files, context, { directories: free, packages })];
  const serves = (directory: string) =>
    developed.some(({ services }) => services.some(({ from }) => isWithin(directoryOf(from.file), directory)));
  const deployed = deployments.map((found) => (serves(found.directory) ? asIgnored(found) : found));
  const programs = mergeFindings([...managed, ...deployed, ...developed, notes]);
  const inContainers = mergeFindings(directories.map((directory) => containers.find(files, directory, context)));
  const found = [programs, withoutSamePrograms(files, inContainers, programs.services)];
  return {
    ...withUniqueNames(
      mergeFindings(programs.services.length > 0 ? found : [...found, findLastResort(files, context, free)]),
    ),
    hasContainers: inContainers.services.length + inContainers.ports.length > 0,
  };
}

/** The names of the files in which services are looked for. */
export function listFileNames(): readonly string[] {
  const sources = [...processFiles, containers, ...languages, ...lastResorts];
  return ['package.json', 'deno.json', ...sources.flatMap(({ fileNames }) => fileNames)];
}

function isWithin(directory: string, parent: string): boolean {
  return parent === '' || directory === parent || directory.startsWith(`${parent}/`);
}

interface ManagedDirectories {
  readonly managed: readonly Managed[];
  /** Procfiles for deployment. They describe a directory only if nothing else does. */
  readonly deployments: readonly Managed[];
  readonly notes: Finding;
}

function findManaged(
  files: ProjectFiles,
  context: SourceContext,
  directories: readonly string[],
): ManagedDirectories {
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
  const isUsed = ({ place: { file } }: Note) => isFree(directoryOf(file));
  return {
    ...finding,
    services: finding.services.filter(({ from }) => isFree(directoryOf(from.file))),
    ignored: finding.ignored.filter(isUsed),
    advice: finding.advice.filter(isUsed),
  };
}

const pythonManifests = ['pyproject.toml', 'requirements.txt', 'Pipfile', 'manage.py', 'setup.py'];

/** Commands of other languages in a script, by the file that the service of the language comes from. */
const inScripts: readonly { readonly file: RegExp; readonly command: RegExp }[] = [
  { file: /\.py$/, command: /\b(?:manage\.py|flask|uvicorn|fastapi|gunicorn|python3?)\b/ },
  { file: /(?:\.rb|\.ru|rails|_config\.yml)$/, command: /\b(?:rails|puma|rackup|ruby|jekyll)\b/ },
  { file: /(?:artisan|composer\.json|\.php)$/, command: /\b(?:artisan|php|composer)\b/ },
  { file: /(?:go\.mod|\.go)$/, command: /\bgo run\b|\bair\b/ },
  { file: /Cargo\.toml$/, command: /\bcargo\b/ },
  { file: /(?:gradle|gradle\.kts|pom\.xml)$/, command: /\b(?:gradlew?|mvnw?)\b/ },
  { file: /proj$/, command: /\bdotnet\b/ },
];

interface LanguageSearch {
  readonly directories: readonly string[];
  readonly packages: Finding;
}

/** A directory may have several languages, such as PHP and the Vite server for its pages. */
function findLanguages(
  files: ProjectFiles,
  context: SourceContext,
  { directories, packages }: LanguageSearch,
): readonly Finding[] {
  const scripts = packages.services.map((proposed) => ({ proposed, text: scriptText(files, proposed) }));
  const isStarted = ({ service, from }: ProposedService) => {
    const command = inScripts.find(({ file }) => file.test(from.file))?.command;
    return scripts.some(
      ({ proposed, text }) =>
        command?.test(text) === true && isWithin(service.root ?? '', directoryOf(proposed.from.file)),
    );
  };
  const seen = new Set<string>();
  // The deepest directory first: a program runs in the project that it belongs to.
  const findings = directories.toReversed().flatMap((directory) =>
    languages.map((source) => {
      const finding = source.find(files, directory, context);
      const isProject = directory === '' || source !== python || isPython(files, directory);
      const services = isProject ? finding.services.filter((found) => !isStarted(found) && isNew(found, seen)) : [];
      return { ...finding, services };
    }),
  );
  return findings.toReversed();
}

/** Other directories are parts of the project above them. */
function isPython(files: ProjectFiles, directory: string): boolean {
  const has = (where: string) => pythonManifests.some((name) => files.kindOf(pathIn(where, name)) === 'file');
  const parents = ['', directoryOf(directory)].filter((parent) => parent !== directory);
  return has(directory) || !(parents.some(has) || files.kindOf(pathIn(directory, '__init__.py')) === 'file');
}

function isNew({ from, service }: ProposedService, seen: Set<string>): boolean {
  const key = JSON.stringify([from.file, from.line, /\.py$/.test(from.file) ? '' : service.shell]);
  const isFirst = !seen.has(key);
  seen.add(key);
  return isFirst;
}

function scriptText(files: ProjectFiles, { from, service }: ProposedService): string {
  const line = from.line === undefined ? '' : (readHint(files, from.file).split('\n')[from.line - 1] ?? '');
  return `${service.shell}\n${line}`;
}

/** A container is the same program as a service on its port. A script that starts Compose starts all of its containers. */
function withoutSamePrograms(files: ProjectFiles, found: Finding, programs: readonly ProposedService[]): Finding {
  const starter = programs.find(
    (proposed) => proposed.isSelected && /\bdocker[- ]compose\b[^&|;]*\bup\b/.test(scriptText(files, proposed)),
  );
  const byPort = new Map(
    programs.map(({ service, from }) => {
      const owner = `'${service.name}' (${from.file})`;
      return [findDefaultPort(files, service, from), owner] as const;
    }),
  );
  const reasonFor = (port: number | undefined): string | undefined => {
    if (starter !== undefined) return `'${starter.service.name}' starts it`;
    const owner = port === undefined ? undefined : byPort.get(port);
    return owner === undefined ? undefined : `its port ${port} is the one of ${owner}`;
  };
  const ignored: Note[] = [];
  const keep = (name: string, place: Note['place'], port: number | undefined) => {
    const reason = reasonFor(port);
    if (reason !== undefined) ignored.push({ place, text: `'${name}' is not a service of its own, because ${reason}` });
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
