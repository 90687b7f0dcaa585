import { findUrl } from '@candle/core/services';
import { expectedPortOf, findNamedDotenvs } from './default-port.ts';
import {
  type AddressedService,
  adviseOnAddresses,
  directoriesOf,
  type FixedAddress,
  findFixedAddresses,
  portVariableOf,
  replacePort,
} from './fixed-addresses.ts';
import { dotenvExamples, isDotenvExample, listLocalAddresses } from './local-addresses.ts';
import type { ProjectFiles } from './project-files.ts';
import type { Finding, ProposedPort, ProposedService, WrittenService } from './proposal.ts';
import { isWithin, parentOf } from './source.ts';

/**
 * Adds `env` entries for the variables of dotenv files that contain the usual address of a service, and advice on the
 * addresses in other files. Without a `.env`, its example shows the variables.
 */
export function connectServices<T extends Finding>(files: ProjectFiles, finding: T): T {
  const addressed = new Map(finding.services.map((proposed) => [proposed, addressedService(files, proposed)]));
  const entries = finding.ports.map(addressedPort);
  const targets = [...meant(addressed), ...entries];
  const found = findFixedAddresses(listLocalAddresses(files, directoriesOf(targets), dotenvExamples), targets);
  const services = finding.services.map((proposed) => connected(files, proposed, { found, finding }));
  const readers = services.map((proposed) => addressedService(files, proposed));
  const edited = found.filter(({ place }) => !isDotenvExample(place.file));
  const advice = adviseOnAddresses(edited, readers);
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

function addressedService(files: ProjectFiles, proposed: ProposedService): AddressedService {
  const { service, from } = proposed;
  const isFixed = typeof service.port === 'number' && service.strictPort === true;
  return {
    name: service.name,
    reference: `services.${service.name}`,
    directories: [...new Set([parentOf(from.file), service.root ?? ''])],
    expectedPort: expectedPortOf(files, proposed),
    port: isFixed ? Number(service.port) : undefined,
    variables: new Set(Object.keys(service.env ?? {})),
    portVariable: portVariableOf(service.name),
    hasUrl: hasUrl(service),
  };
}

function addressedPort({ name, port, from, defaultPort }: ProposedPort): AddressedService {
  const fixed = typeof port.port === 'number' ? port.port : undefined;
  return {
    name,
    reference: `ports.${name}`,
    directories: [parentOf(from.file)],
    expectedPort: defaultPort ?? fixed,
    port: port.strictPort === true ? fixed : undefined,
    variables: new Set(),
    portVariable: port.portEnv ?? portVariableOf(name),
    hasUrl: findUrl({ name, ...port }, 1) !== undefined,
  };
}

function hasUrl({ ready: _, ...service }: WrittenService): boolean {
  return findUrl(service, 1) !== undefined;
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
  for (const { place, assignment, service: target } of found) {
    if (assignment === undefined || assignment.variable === 'PORT') continue;
    const { variable, value } = assignment;
    // Programs in the directories of a workspace often read the dotenv file of the project.
    const isBelow = [directory, parentOf(from.file)].some((each) => isWithin(each, parentOf(place.file)));
    if (!isBelow && !named.includes(place.file)) continue;
    if (Object.hasOwn(service.env ?? {}, variable)) continue;
    // A list of origins contains the addresses of several services.
    const template = value.includes('$')
      ? undefined
      : templateFor(env[variable] ?? value, target, { reader: service.name, finding });
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
  { name, reference, expectedPort }: AddressedService,
  { reader, finding }: TemplateContext,
): string | undefined {
  const written = [...finding.services.map(({ service }) => service), ...finding.ports.map(portOf)];
  const url = written.find((other) => other.name === name)?.url;
  if (value.includes('@') && url !== undefined && reader !== name) return `\${${reference}.url}`;
  if (value.includes('@') && !userName.test(value)) return undefined;
  const port = reader === name ? '${port}' : `\${${reference}.port}`;
  return expectedPort === undefined ? undefined : replacePort(value, expectedPort, port);
}

function portOf({ name, port }: ProposedPort): { readonly name: string; readonly url?: string } {
  return { name, ...(port.url === undefined ? {} : { url: port.url }) };
}
