import {
  type Entries,
  entriesOf,
  listOf,
  own,
  type ParsedFile,
  readReported,
  readYaml,
  reported,
  textOf,
  textsOf,
  type ValuePath,
} from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { Place } from '../proposal.ts';
import { type Findings, parentOf, pathIn, resolvePath } from '../source.ts';
import { mergeEntries } from '../written-entries.ts';

/** The Compose project of a directory: its files, merged in the order in which they override each other. */
export interface ComposeProject {
  /** The option of `docker compose` for these files; empty if it finds them itself. */
  readonly option: string;
  /** With extensions and overrides applied; each port is a `PlacedPort`. */
  readonly services: Entries;
  /** What the project's `.env` file sets, by variable. */
  readonly variables: ReadonlySet<string>;
  /** The first of the files that has the value. */
  findPlace(path: ValuePath): Place | undefined;
}

/** A published port as it is written, with its place, because lists of several files are joined. */
export interface PlacedPort {
  readonly written: unknown;
  readonly place: Place;
}

/** In the order in which Docker Compose looks for them. */
const baseNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = baseNames.map((name) => name.replace('compose.', 'compose.override.'));
export const developmentName = /^(?:docker-)?compose[.-](?:dev|development|local)\.ya?ml$/;

/** Compose files in such a directory do not describe the development environment. */
const otherDirectory =
  /(?:^|\/)(?:prod|production|staging|tests?|testing|e2e|ci|examples?|deploy|deployment|\.github)(?:\/|$)/i;

export const composeNames: readonly string[] = [...baseNames, 'compose.dev.yaml'];

/** Reads the files of a directory for development. Undefined if it has none, or the main file cannot be used. */
export function readComposeProject(
  files: ProjectFiles,
  directory: string,
  findings: Findings,
): ComposeProject | undefined {
  if (otherDirectory.test(directory)) return undefined;
  const reader: Reader = { files, findings, read: new Map() };
  const existing = (names: readonly string[]) => names.find((name) => files.kindOf(pathIn(directory, name)) === 'file');
  const read = (name: string | undefined) =>
    name === undefined ? undefined : readPlaced(reader, pathIn(directory, name));
  const baseName = existing(baseNames);
  const developmentFile = files.list(directory).find((name) => developmentName.test(name));
  const development = read(developmentFile);
  if (development !== undefined && (baseName === undefined || isComplete(development)))
    return projectOf(reader, directory, [development], ` -f ${developmentFile}`);
  const base = read(baseName);
  if (base === undefined) return undefined;
  if (development !== undefined)
    return projectOf(reader, directory, [base, development], ` -f ${baseName} -f ${developmentFile}`);
  const override = read(existing(overrideNames));
  return projectOf(reader, directory, override === undefined ? [base] : [base, override], '');
}

interface Reader {
  readonly files: ProjectFiles;
  readonly findings: Findings;
  /** By path, so that each file is read and reported once. */
  readonly read: Map<string, ParsedFile | undefined>;
}

/** A file whose ports have their places. */
function readPlaced({ files, findings, read }: Reader, path: string): ParsedFile | undefined {
  if (read.has(path)) return read.get(path);
  const parsed = reported(findings, readYaml(files, path));
  const placed = parsed && { ...parsed, value: withPlaces(parsed) };
  read.set(path, placed);
  return placed;
}

function withPlaces(parsed: ParsedFile): Entries {
  const value = entriesOf(parsed.value);
  const services = Object.entries(entriesOf(value.services)).map(([name, written]) => {
    const service = entriesOf(written);
    if (service.ports === undefined) return [name, service] as const;
    const path = ['services', name, 'ports'];
    const ports = listOf(service.ports).map(
      (port, index): PlacedPort => ({ written: port, place: parsed.placeOf([...path, index]) }),
    );
    // An object instead of a list replaces the ports of the files before.
    const replaces = ['!override', '!reset'].includes(parsed.tagOf(path) ?? '');
    return [name, { ...service, ports: replaces ? { only: ports } : ports }] as const;
  });
  return { ...value, services: Object.fromEntries(services) };
}

/** The published ports of a merged service. */
export function portsOf({ ports }: Entries): readonly PlacedPort[] {
  return (Array.isArray(ports) ? ports : listOf(entriesOf(ports).only)) as readonly PlacedPort[];
}

/** Whether a file can be used on its own: each of its services says what it runs. */
function isComplete({ value }: ParsedFile): boolean {
  return Object.values(entriesOf(entriesOf(value).services)).every((service) => {
    const { image, build, extends: base } = entriesOf(service);
    return image !== undefined || build !== undefined || base !== undefined;
  });
}

function projectOf(reader: Reader, directory: string, main: readonly ParsedFile[], option: string): ComposeProject {
  const parsed = [...new Set([...main.flatMap((file) => includedFiles(reader, file)), ...main])];
  const merged = entriesOf(parsed.reduce<unknown>((value, file) => mergeEntries(value, file.value), undefined));
  const services = entriesOf(merged.services);
  return {
    option,
    services: Object.fromEntries(
      Object.keys(services).map((name) => [name, extendService(reader, { services, directory, name }, new Set())]),
    ),
    variables: variablesOf(readReported(reader.files, pathIn(directory, '.env'), reader.findings) ?? ''),
    findPlace: (path) => parsed.find(({ value }) => hasPath(value, path))?.placeOf(path),
  };
}

/** More is a mistake. */
const maxIncluded = 20;

function includedFiles(reader: Reader, { file, value }: ParsedFile, seen = new Set([file])): readonly ParsedFile[] {
  return listOf(entriesOf(value).include).flatMap((included) =>
    textsOf(textOf(included) ?? entriesOf(included).path).flatMap((path) => {
      const target = resolvePath(parentOf(file), path);
      if (target === undefined || seen.has(target) || seen.size > maxIncluded) return [];
      seen.add(target);
      const parsed = readPlaced(reader, target);
      return parsed === undefined ? [] : [...includedFiles(reader, parsed, seen), parsed];
    }),
  );
}

interface ExtendedService {
  readonly services: Entries;
  /** To which the paths of other files are relative. */
  readonly directory: string;
  readonly name: string;
}

/** A service with what it extends, of the same file or another one. */
function extendService(reader: Reader, { services, directory, name }: ExtendedService, seen: Set<string>): Entries {
  const service = entriesOf(own(services, name));
  const base = entriesOf(service.extends);
  const baseName = textOf(service.extends) ?? textOf(base.service);
  const path = textOf(base.file);
  const file = path === undefined ? undefined : resolvePath(directory, path);
  const key = JSON.stringify([file ?? directory, baseName]);
  if (baseName === undefined || seen.has(key) || (path !== undefined && file === undefined)) return service;
  seen.add(key);
  const others = file === undefined ? services : entriesOf(entriesOf(readPlaced(reader, file)?.value).services);
  const target = { services: others, directory: file === undefined ? directory : parentOf(file), name: baseName };
  return entriesOf(mergeEntries(extendService(reader, target, seen), service));
}

function variablesOf(dotenv: string): ReadonlySet<string> {
  return new Set([...dotenv.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=/gm)].map(([, name = '']) => name));
}

function hasPath(value: unknown, path: ValuePath): boolean {
  let current = value;
  for (const step of path) {
    if (!Object.hasOwn(entriesOf(current), step)) return false;
    current = entriesOf(current)[step];
  }
  return true;
}
