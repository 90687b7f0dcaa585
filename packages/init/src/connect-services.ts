import { findDefaultPort, findNamedDotenvs } from './default-port.ts';
import {
  type AddressedService,
  adviseOnAddress,
  dotenvExamples,
  type FixedAddress,
  findFixedAddresses,
  isDotenvExample,
} from './fixed-addresses.ts';
import type { ProjectFiles } from './project-files.ts';
import type { Finding, ProposedPort, ProposedService } from './proposal.ts';
import { isWithin, parentOf } from './source.ts';

/**
 * Adds `env` entries for the variables of dotenv files that contain the usual address of a service, and advice on the
 * addresses in other files. Without a `.env`, its example shows the variables.
 */
export function connectServices<T extends Finding>(files: ProjectFiles, finding: T): T {
  const addressed = new Map(finding.services.map((proposed) => [proposed, addressedService(files, proposed)]));
  const entries = finding.ports.map(addressedPort);
  const found = findFixedAddresses(files, [...meant(addressed), ...entries], dotenvExamples);
  const services = finding.services.map((proposed) => connected(files, proposed, { found, finding }));
  const readers = services.map((proposed) => addressedService(files, proposed));
  const advice = found
    .filter(({ place }) => !isDotenvExample(place.file))
    .flatMap((address) => adviseOnAddress(address, readers) ?? []);
  return { ...finding, services, advice: [...finding.advice, ...advice] };
}

/** An address means an optional service only if no selected one has the same usual port. */
function meant(addressed: ReadonlyMap<ProposedService, AddressedService>): readonly AddressedService[] {
  const all = [...addressed];
  const ports = new Set(all.filter(([{ isSelected }]) => isSelected).map(([, { expectedPort }]) => expectedPort));
  return all
    .filter(([{ isSelected }, { expectedPort }]) => isSelected || !ports.has(expectedPort))
    .map(([, service]) => service);
}

function addressedService(files: ProjectFiles, { service, from, defaultPort }: ProposedService): AddressedService {
  const isFixed = typeof service.port === 'number' && service.strictPort === true;
  return {
    name: service.name,
    directories: [...new Set([parentOf(from.file), service.root ?? ''])],
    expectedPort: service.port === null ? undefined : (defaultPort ?? findDefaultPort(files, service, from)),
    port: isFixed ? Number(service.port) : undefined,
    variables: new Set(Object.keys(service.env ?? {})),
  };
}

function addressedPort({ name, port, from, defaultPort }: ProposedPort): AddressedService {
  const fixed = typeof port.port === 'number' ? port.port : undefined;
  return {
    name,
    directories: [parentOf(from.file)],
    expectedPort: defaultPort ?? fixed,
    port: port.strictPort === true ? fixed : undefined,
    variables: new Set(),
  };
}

interface Connections {
  readonly found: readonly FixedAddress[];
  readonly finding: Finding;
}

function connected(files: ProjectFiles, proposed: ProposedService, { found, finding }: Connections): ProposedService {
  const { service, from } = proposed;
  // Containers get their variables from Compose.
  if (service.stopCommand !== undefined) return proposed;
  const directory = service.root ?? parentOf(from.file);
  const named = findNamedDotenvs(files, service, from);
  const env: Record<string, string> = {};
  const needed = new Set(service.dependsOn);
  for (const { place, variable, value, service: target } of found) {
    if (variable === undefined || value === undefined || variable === 'PORT') continue;
    // Programs in the directories of a workspace often read the dotenv file of the project.
    const isBelow = [directory, parentOf(from.file)].some((each) => isWithin(each, parentOf(place.file)));
    if (!isBelow && !named.includes(place.file)) continue;
    if (Object.hasOwn(service.env ?? {}, variable)) continue;
    const template = templateFor(value, target, { reader: service.name, finding });
    if (template === undefined) continue;
    env[variable] = template;
    const container = finding.services.find((other) => other.service.name === target.name)?.service.stopCommand;
    if (container !== undefined) needed.add(target.name);
  }
  if (Object.keys(env).length === 0) return proposed;
  const dependsOn = needed.size === 0 ? {} : { dependsOn: [...needed] };
  return { ...proposed, service: { ...service, env: { ...service.env, ...env }, ...dependsOn } };
}

interface TemplateContext {
  /** The name of the service that gets the variable. */
  readonly reader: string;
  readonly finding: Finding;
}

/** A user name in a URL, without a password. It is not a secret, but a token is, which has digits. */
const userName = /^[^@]*:\/\/[a-z_]+@[^@]*$/i;

/** The value with the reserved port. Undefined if it contains a secret, which must not be copied, or anything unexpected. */
function templateFor(
  value: string,
  { name, expectedPort }: AddressedService,
  { reader, finding }: TemplateContext,
): string | undefined {
  if (value.includes('$')) return undefined;
  const written = [...finding.services.map(({ service }) => service), ...finding.ports.map(portOf)];
  const url = written.find((other) => other.name === name)?.url;
  if (value.includes('@') && url !== undefined && reader !== name) return `\${services.${name}.url}`;
  if (value.includes('@') && !userName.test(value)) return undefined;
  const port = reader === name ? '${port}' : `\${services.${name}.port}`;
  return value.replaceAll(
    new RegExp(`(?<=(?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1\\]):)${expectedPort}\\b`, 'g'),
    () => port,
  );
}

function portOf({ name, port }: ProposedPort): { readonly name: string; readonly url?: string } {
  return { name, ...(port.url === undefined ? {} : { url: port.url }) };
}
