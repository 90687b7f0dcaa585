import { findUrl } from '@candle/core/services';
import { expectedPortOf, findDefaultPort } from './default-port.ts';
import {
  type AddressedService,
  adviseOnAddresses,
  directoriesOf,
  findFixedAddresses,
  portVariableOf,
} from './fixed-addresses.ts';
import { type LocalAddress, listLocalAddresses } from './local-addresses.ts';
import { type ProjectFiles, projectFiles } from './project-files.ts';
import type { Note } from './proposal.ts';
import { pathIn, readHint } from './source.ts';

/** A configured service or an entry of `ports`, and the port that it has now. */
export interface ConfiguredAddress {
  readonly name: string;
  /** Undefined for a program that Candle does not start. */
  readonly shell?: string;
  /** Relative to the project. */
  readonly root?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** The variables in which other services get the port of an entry of `ports`. */
  readonly portEnv?: readonly string[] | undefined;
  readonly ready?: { readonly kind: string };
  readonly url?: string | undefined;
  readonly port: number | null;
}

/** The addresses in the files of a project that no longer lead to its services. Reads a few files of each service. */
export async function findProjectAddresses(
  projectDir: string,
  configured: readonly ConfiguredAddress[],
): Promise<readonly Note[]> {
  const files = projectFiles(projectDir);
  const services = await Promise.all(configured.map((each) => addressedService(files, each)));
  const addresses = listLocalAddresses(files, directoriesOf(services));
  // Several services can have the same port in their code, and different ones in a Procfile.
  const isKnown = ({ port, assignment }: LocalAddress) =>
    services.filter((service) => [service.port, service.expectedPort].includes(port)).length === 1 ||
    services.some(({ variables }) => assignment !== undefined && variables.has(assignment.variable));
  const unknown = new Set(addresses.filter((address) => !isKnown(address)).map(({ port }) => port));
  const known = isMentioned(files, directoriesOf(services), unknown)
    ? await withWrittenPorts(files, configured, services)
    : services;
  return adviseOnAddresses(findFixedAddresses(addresses, known), known);
}

/** Files that say with which port a service is started. */
const commandFile = /^(?:Procfile|process-compose|mprocs|package\.json$|deno\.jsonc?$|(?:docker-)?compose\b)/;

/**
 * Whether one of the ports is in a file with commands. Addresses of programs outside the project are common, so this is checked
 * before all files are read.
 */
function isMentioned(files: ProjectFiles, directories: readonly string[], ports: ReadonlySet<number>): boolean {
  if (ports.size === 0) return false;
  const paths = directories.flatMap((directory) =>
    files.list(directory).flatMap((name) => (commandFile.test(name) ? [pathIn(directory, name)] : [])),
  );
  return paths.some((path) =>
    [...readHint(files, path).matchAll(/\b\d{4,5}\b/g)].some(([number]) => ports.has(Number(number))),
  );
}

async function addressedService(
  files: ProjectFiles,
  { name, shell, root = '', env = {}, portEnv, ready, url, port }: ConfiguredAddress,
): Promise<AddressedService> {
  const directory = root === '' ? await packageDirectory(files, shell ?? '') : root;
  const addressed = { name, ...(shell && { shell }), ...(ready && { ready }), ...(url !== undefined && { url }) };
  return {
    name,
    reference: `${shell === undefined ? 'ports' : 'services'}.${name}`,
    directories: [...new Set([root, directory])],
    expectedPort: port === null || shell === undefined ? undefined : findDefaultPort(files, { shell, root: directory }),
    port: port ?? undefined,
    variables: new Set(Object.keys(env)),
    portVariable: (shell === undefined ? portEnv?.[0] : undefined) ?? portVariableOf(name),
    hasUrl: findUrl(addressed, 1) !== undefined,
  };
}

/**
 * The services with the ports that the files of the project name for them. The commands in the configuration often contain
 * `${port}` instead. This reads all files in which `init` looks for services.
 */
async function withWrittenPorts(
  files: ProjectFiles,
  configured: readonly ConfiguredAddress[],
  services: readonly AddressedService[],
): Promise<readonly AddressedService[]> {
  const { proposeConfig } = await import('./propose-config.ts');
  const { services: found, ports } = proposeConfig(files, {
    hasCompose: false,
    platform: process.platform,
    configured: {
      services: configured.flatMap(({ name, shell, root }) =>
        shell === undefined ? [] : [{ name, shell, ...(root === undefined ? {} : { root }) }],
      ),
      ports: configured.flatMap(({ name, shell }) => (shell === undefined ? [name] : [])),
      hasSetup: true,
    },
  });
  const written = new Map([
    ...ports.map(({ name, port, defaultPort }) => [name, defaultPort ?? port.port] as const),
    ...found.map((proposed) => [proposed.service.name, expectedPortOf(files, proposed)] as const),
  ]);
  return services.map((service) => {
    const port = written.get(service.name);
    return typeof port === 'number' ? { ...service, expectedPort: port } : service;
  });
}

/** The directory of the package that `turbo run dev --filter=NAME` starts; the project directory for everything else. */
async function packageDirectory(files: ProjectFiles, shell: string): Promise<string> {
  const name = /\bturbo\b.*\s--filter=["']?([^\s"']+)/.exec(shell)?.[1];
  if (name === undefined) return '';
  // Its parser for YAML takes longer to load than everything else here.
  const { findWorkspace } = await import('./packages/workspace.ts');
  return findWorkspace(files).packages.find((each) => each.name === name)?.directory ?? '';
}
