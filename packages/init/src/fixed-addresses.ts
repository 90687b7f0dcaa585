import { findVariablePrefix } from '@candle/core/config';
import { findDefaultPort } from './default-port.ts';
import { type ProjectFiles, projectFiles } from './project-files.ts';
import type { Note, Place } from './proposal.ts';
import { pathIn, readHint } from './source.ts';

/** A service, as far as it matters for the addresses in other files. */
export interface AddressedService {
  readonly name: string;
  /** Where its files are, relative to the project. */
  readonly directories: readonly string[];
  /** The port that other files of the project expect it to listen on. */
  readonly expectedPort: number | undefined;
  /** The port that it listens on now; undefined if it is another one in each checkout. */
  readonly port: number | undefined;
  /** The variables that its configuration sets. */
  readonly variables: ReadonlySet<string>;
}

/** A local address in a file, and the service that it no longer leads to. */
export interface FixedAddress {
  readonly place: Place;
  /** As it is written, such as `http://localhost:3001`. */
  readonly address: string;
  readonly service: AddressedService;
  /** The variable that the line of a dotenv file sets. */
  readonly variable?: string;
  /** The value of this variable. */
  readonly value?: string;
}

/** `vite.config.ts`, `webpack.dev.js`, `proxy.conf.json`, and others that name the addresses of other programs. */
const configuration =
  /^(?:(?:vite|next|nuxt|astro|svelte|vue|rsbuild|rspack|gatsby|farm)[\w.-]*\.config\.[cm]?[jt]s|(?:vite|next|nuxt|vue|rsbuild|rspack)\.config\.[\w.]+|gatsby-config\.[jt]s|webpack[\w.-]*\.[cm]?[jt]s|proxy\.conf\.(?:json|[cm]?js)|package\.json)$/;

/** dotenv files that development servers read, the one with the highest precedence first. */
export const dotenvNames = ['.env.development.local', '.env.local', '.env.development', '.env'];

/** Files that people copy to `.env`, which git ignores, so that a new checkout has only the example. */
export const dotenvExamples = ['.env.example', '.env.sample', '.env.template'];

/** Files in subdirectories that have a fixed place. */
const fixedPlaces = ['src/setupProxy.js'];

/** Projects have a few of these files. More are not worth the time of each `candle up`. */
const maxFiles = 60;

const addresses =
  /(?:\b[a-z][a-z0-9+]*:\/\/(?:[^\s"'`@/]*@)?)?(?<![\w.-])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d{4,5})\b/g;

/**
 * The addresses in configuration and dotenv files that lead to the usual port of a service which now has another one. Pure,
 * apart from reading files.
 * @param examples the files that are read where there is no `.env`
 */
export function findFixedAddresses(
  files: ProjectFiles,
  services: readonly AddressedService[],
  examples: readonly string[] = [],
): readonly FixedAddress[] {
  const moved = services.filter(({ expectedPort, port }) => expectedPort !== undefined && expectedPort !== port);
  if (moved.length === 0) return [];
  const directories = [...new Set(['', ...services.flatMap((service) => service.directories)])];
  const paths = directories.flatMap((directory) => candidatesIn(files, directory, examples));
  const seen = new Set<string>();
  return paths.slice(0, maxFiles).flatMap(([directory, path]) =>
    addressesIn(files, path, (port) => chooseService(moved, port, directory)).filter(({ place, variable }) => {
      // The file with the highest precedence sets the variable.
      const key = variable === undefined ? `${place.file}:${place.line}` : `${directory}:${variable}`;
      const isFirst = !seen.has(key);
      seen.add(key);
      return isFirst;
    }),
  );
}

export function isDotenvExample(path: string): boolean {
  return isOneOf(dotenvExamples, path);
}

function isOneOf(names: readonly string[], path: string): boolean {
  return names.includes(path.slice(path.lastIndexOf('/') + 1));
}

function candidatesIn(
  files: ProjectFiles,
  directory: string,
  examples: readonly string[],
): readonly (readonly [string, string])[] {
  const names = files.list(directory);
  const dotenvFiles = names.includes('.env') ? dotenvNames : [...dotenvNames, ...examples];
  const found = [
    ...names.filter((name) => configuration.test(name)),
    ...dotenvFiles.filter((name) => names.includes(name)),
  ];
  const placed = names.includes('src') ? fixedPlaces : [];
  return [...found, ...placed].map((name) => [directory, pathIn(directory, name)] as const);
}

function addressesIn(
  files: ProjectFiles,
  path: string,
  findService: (port: number) => AddressedService | undefined,
): readonly FixedAddress[] {
  const text = readHint(files, path);
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(?:#|\/\/|\*)/.test(line)) return [];
    return [...line.matchAll(addresses)].slice(0, 1).flatMap(([address, port]) => {
      const service = findService(Number(port));
      if (service === undefined) return [];
      const assignment = assignmentIn(path, line);
      if (assignment.variable === undefined && readsAddressOf(service, line)) return [];
      return [{ place: { file: path, line: index + 1 }, address, service, ...assignment }];
    });
  });
}

/** Whether the address is only the default for a variable that Candle sets. */
function readsAddressOf({ name }: AddressedService, line: string): boolean {
  const prefix = findVariablePrefix(name);
  return prefix !== undefined && new RegExp(`\\b${prefix}_(?:URL|PORT)\\b`).test(line);
}

function assignmentIn(path: string, line: string): Pick<FixedAddress, 'variable' | 'value'> {
  if (!isOneOf(dotenvNames, path) && !isDotenvExample(path)) return {};
  const [, variable, quote, quoted, plain] =
    /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:(["'`])(.*?)\2|([^#]*?))\s*(?:#.*)?$/.exec(line) ?? [];
  if (variable === undefined) return {};
  return { variable, value: (quote === undefined ? plain : quoted) ?? '' };
}

/** Two services can have the same usual port. The one that the file belongs to is rarely meant by a proxy. */
function chooseService(
  services: readonly AddressedService[],
  port: number,
  directory: string,
): AddressedService | undefined {
  const matching = services.filter(({ expectedPort }) => expectedPort === port);
  const own = matching.filter(({ directories }) => directories.includes(directory));
  return matching.length === 1 ? matching[0] : own.length === 1 ? own[0] : undefined;
}

/** What to write instead of an address, as a note about its place. Undefined if the configuration already replaces it. */
export function adviseOnAddress(
  { place, address, service, variable }: FixedAddress,
  readers: readonly AddressedService[],
): Note | undefined {
  if (variable !== undefined && readers.some(({ variables }) => variables.has(variable))) return undefined;
  const now = service.port === undefined ? 'whose port differs in each checkout' : `which has port ${service.port}`;
  return {
    place,
    text: `${withoutLogin(address)} was the address of '${service.name}', ${now}; ${instead(place.file, service.name, variable)}`,
  };
}

/** Logins do not belong in messages. */
function withoutLogin(address: string): string {
  return address.replace(/:\/\/[^@]*@/, '://');
}

function instead(file: string, name: string, variable: string | undefined): string {
  const url = `${findVariablePrefix(name) ?? 'SERVICE'}_URL`;
  if (variable !== undefined)
    return `write "env": { "${variable}": "\${services.${name}.url}" } in the service that reads it`;
  if (/(?:^|\/)package\.json$/.test(file))
    return `write $${url} in a script, or process.env.${url} in the configuration of a proxy`;
  if (file.endsWith('.json')) return `write process.env.${url} in a file proxy.conf.mjs instead of this one`;
  return `write process.env.${url}`;
}

/** A configured service, and the port that it has now. */
export interface RunningService {
  readonly name: string;
  readonly shell: string;
  /** Relative to the project. */
  readonly root?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number | null;
}

/** The addresses in the files of a project that no longer lead to its services. Reads a few files of each service. */
export async function findProjectAddresses(
  projectDir: string,
  services: readonly RunningService[],
): Promise<readonly Note[]> {
  const files = projectFiles(projectDir);
  const addressed: AddressedService[] = [];
  for (const { name, shell, root = '', env, port } of services) {
    const directory = root === '' ? await packageDirectory(files, shell) : root;
    addressed.push({
      name,
      directories: [...new Set([root, directory])],
      expectedPort: port === null ? undefined : findDefaultPort(files, { shell, root: directory }),
      port: port ?? undefined,
      variables: new Set(Object.keys(env)),
    });
  }
  return findFixedAddresses(files, addressed).flatMap((address) => adviseOnAddress(address, addressed) ?? []);
}

/** The directory of the package that `turbo run dev --filter=NAME` starts; the project directory for everything else. */
async function packageDirectory(files: ProjectFiles, shell: string): Promise<string> {
  const name = /\bturbo\b.*\s--filter=["']?([^\s"']+)/.exec(shell)?.[1];
  if (name === undefined) return '';
  // Its parser for YAML takes longer to load than everything else here.
  const { findWorkspace } = await import('./packages/workspace.ts');
  return findWorkspace(files).packages.find((each) => each.name === name)?.directory ?? '';
}
