import { findVariablePrefix } from '@candle/core/config';
import { type Entries, entriesOf, listOf, textOf, textsOf, wordOf } from '../parsed-file.ts';
import { variablesIn } from '../processes/process-compose.ts';
import type { Place, WrittenPort, WrittenService } from '../proposal.ts';
import { Findings, isServiceName, quoteWord, rootOf, type Source } from '../source.ts';
import {
  type ComposeProject,
  composeNames,
  developmentName,
  type PlacedPort,
  portsOf,
  readComposeProject,
} from './compose-project.ts';
import { findKnownProgram, literalOf } from './database-url.ts';
import { imageName, type PublishedPort, parsePublishedPort } from './published-port.ts';

/** Lower ports cannot be reserved. */
const minReservable = 1024;

/**
 * Each service that has an image, such as a database: as `docker compose up NAME` if that works here, otherwise as a port of
 * a program that Candle does not start. A service that is built from the project is ignored, because other sources find it.
 */
export const compose: Source = {
  fileNames: composeNames,
  readsOther: (name) => developmentName.test(name),
  find(files, directory, { hasCompose }) {
    const findings = new Findings();
    const project = readComposeProject(files, directory, findings);
    if (project === undefined) return findings;
    adviseOnProject(findings, project, directory);
    for (const [name, value] of Object.entries(project.services)) {
      const service = describeService(findings, project, { name, written: entriesOf(value) });
      if (service === undefined) continue;
      if (hasCompose) addService(findings, project, service, directory);
      else addPorts(findings, service);
    }
    return findings.withKnownDependencies();
  },
};

interface ComposeService {
  readonly name: string;
  readonly written: Entries;
  readonly place: Place;
  /** The TCP ports that can be published; the one that clients use first. */
  readonly ports: readonly ServicePort[];
  readonly url: string | undefined;
}

interface ServicePort extends PublishedPort {
  readonly place: Place;
}

function describeService(
  findings: Findings,
  project: ComposeProject,
  { name, written }: { name: string; written: Entries },
): ComposeService | undefined {
  const place = project.findPlace(['services', name]) ?? { file: '' };
  if (!isServiceName(name)) {
    findings.report(place, `The name of the service '${name}' is not valid in Candle`);
    return undefined;
  }
  if (written.build !== undefined) {
    findings.ignore(place, `'${name}' is built from this project, and its programs are found in other files`);
    return undefined;
  }
  if (textOf(written.image) === undefined) {
    findings.report(place, `The service '${name}' has neither 'image' nor 'build'`);
    return undefined;
  }
  const known = findKnownProgram(imageName(written.image));
  const ports = sortPorts(
    portsOf(written).flatMap((port) => readPort(findings, name, port)),
    known?.port,
  );
  const isKnownPort = known !== undefined && ports[0]?.container === known.port;
  const url = isKnownPort ? known.urlOf(valuesOf(project, written)) : undefined;
  if (isKnownPort && url === undefined)
    findings.advise(
      place,
      `The login of '${name}' is not in this file, so that no URL is set for it; add "url" if you need one`,
    );
  return { name, written, place, ports, url };
}

function readPort(findings: Findings, name: string, { written, place }: PlacedPort): readonly ServicePort[] {
  const port = parsePublishedPort(written);
  const isOther = port === undefined && /udp|sctp/.test(JSON.stringify(written));
  if (port === undefined && !isOther) findings.report(place, `This port of '${name}' cannot be understood`);
  return port === undefined ? [] : [{ ...port, place }];
}

/** Programs such as RabbitMQ publish other ports too. Docker chooses another random port at each start. */
function sortPorts(ports: readonly ServicePort[], main: number | undefined): readonly ServicePort[] {
  const rank = (port: ServicePort) => (port.host.kind === 'random' ? 2 : 0) + (port.container === main ? 0 : 1);
  return ports.toSorted((a, b) => rank(a) - rank(b));
}

/** Only what everyone can read in the file is copied: values from other files may be secret. */
function valuesOf({ variables }: ComposeProject, written: Entries) {
  const environment = variablesIn(written.environment);
  const isElsewhere = written.env_file !== undefined;
  return (...names: readonly string[]): string | null | undefined => {
    const name = names.find((candidate) => Object.hasOwn(environment, candidate));
    if (name !== undefined) return literalOf(environment[name] ?? '', variables);
    const isSecret = names.some((candidate) => Object.hasOwn(environment, `${candidate}_FILE`));
    return isElsewhere || isSecret ? null : undefined;
  };
}

function addService(findings: Findings, project: ComposeProject, service: ComposeService, directory: string): void {
  const { name, written, place, ports, url } = service;
  const [main, ...others] = ports;
  const command = `docker compose${project.option}`;
  const dependsOn = (
    Array.isArray(written.depends_on) ? textsOf(written.depends_on) : Object.keys(entriesOf(written.depends_on))
  ).filter((other) => isProposed(entriesOf(project.services[other])));
  // Candle starts the dependencies. Compose would start them again, with other ports.
  const noDeps = dependsOn.length === 0 && written.depends_on === undefined ? '' : ' --no-deps';
  const because = unselectedReason(written, main);
  findings.services.push({
    service: {
      name,
      shell: `${command} up${noDeps} ${quoteWord(name)}`,
      ...rootOf(directory),
      ...portFieldsOf(findings, service, main),
      ...furtherPortsOf(findings, service, { main, others }),
      ...(url === undefined ? {} : { url }),
      stopCommand: `${command} stop ${quoteWord(name)}`,
      ...(dependsOn.length === 0 ? {} : { dependsOn }),
    },
    from: place,
    ...defaultPortIn(main),
    isSelected: because === undefined,
    ...(because === undefined ? {} : { unselectedBecause: because }),
  });
}

function isProposed({ image, build, profiles }: Entries): boolean {
  return typeof image === 'string' && build === undefined && listOf(profiles).length === 0;
}

/** Images of languages run the project itself if it is mounted. */
const runtimes = /^(?:node|python|ruby|php|golang|rust|openjdk|eclipse-temurin|bun|deno|sdk|aspnet)$/;

function unselectedReason(written: Entries, main: ServicePort | undefined): string | undefined {
  const profiles = textsOf(written.profiles);
  if (profiles.length > 0) return `it belongs to the profile ${profiles.join(', ')}`;
  const mounts = listOf(written.volumes).map((volume) => textOf(volume) ?? wordOf(entriesOf(volume).source));
  if (runtimes.test(imageName(written.image)) && mounts.some((mount) => /^\.{1,2}(?:[:/]|$)/.test(mount)))
    return 'it runs this project in a container';
  if (main === undefined) return 'it publishes no port';
  return main.host.kind === 'random' ? 'its port is another one at each start' : undefined;
}

function variableFor(name: string, container: number | undefined, isMain: boolean): string {
  const prefix = findVariablePrefix(name) ?? 'SERVICE';
  return isMain ? `${prefix}_PORT` : `${prefix}_${container ?? 'OTHER'}_PORT`;
}

function portFieldsOf(
  findings: Findings,
  { name }: ComposeService,
  main: ServicePort | undefined,
): Partial<WrittenService> {
  if (main === undefined) return { port: null, ready: false };
  const { host } = main;
  const variable = variableFor(name, main.container, true);
  switch (host.kind) {
    case 'variable':
      return { port: 'auto', ...(host.name === 'PORT' ? {} : { portEnv: host.name }) };
    case 'random':
      adviseOn(findings, name, main, variable);
      return { port: null, ready: false };
    case 'fixed':
      adviseOn(findings, name, main, variable);
      return host.port < minReservable
        ? { port: null, ready: { port: host.port } }
        : { port: host.port, strictPort: true };
  }
}

/** Compose reads the variables, so each of them gets a separate port. */
function furtherPortsOf(
  findings: Findings,
  { name }: ComposeService,
  { main, others }: { main: ServicePort | undefined; others: readonly ServicePort[] },
): Partial<WrittenService> {
  const mainVariable = main?.host.kind === 'variable' ? main.host.name : undefined;
  const variables = new Set(others.flatMap(({ host }) => (host.kind === 'variable' ? [host.name] : [])));
  variables.delete(mainVariable ?? '');
  // It always contains the port of the service itself.
  variables.delete('PORT');
  for (const port of others)
    if (port.host.kind === 'fixed') adviseOn(findings, name, port, variableFor(name, port.container, false));
  return variables.size === 0 ? {} : { ports: Object.fromEntries([...variables].map((key) => [key, 'auto' as const])) };
}

function adviseOn(findings: Findings, name: string, port: ServicePort, variable: string): void {
  const line = port.suggest(variable);
  const { host } = port;
  const what =
    host.kind === 'fixed'
      ? `Port ${host.port} of '${name}' is the same in every checkout`
      : `Docker chooses the port of '${name}'`;
  const configured = `"port": "auto", "portEnv": "${variable}" in .candle.json`;
  findings.advise(
    port.place,
    line === undefined
      ? `${what}; publish single ports with variables, so that a second checkout can run`
      : `${what}; write ${line} here, and ${configured}, so that a second checkout can run`,
  );
}

/** The published ports of a service that Candle does not start. */
function addPorts(findings: Findings, { name, written, place, ports, url }: ComposeService): void {
  const isUsed = textsOf(written.profiles).length === 0;
  const published = ports.filter(({ host }) => host.kind !== 'random');
  if (published.length === 0 || !isUsed) {
    const reason = isUsed ? 'publishes no fixed port' : 'belongs to a profile';
    findings.ignore(place, `'${name}' ${reason}, and docker compose does not work here`);
    return;
  }
  for (const [index, port] of published.entries()) {
    const isMain = index === 0;
    const entry = isMain ? name : `${name}-${port.container ?? index}`;
    const written = portEntryOf(findings, { name, entry, isMain, port });
    if (written === undefined) continue;
    findings.ports.push({
      name: entry,
      port: { ...written, ...(isMain && url !== undefined ? { url } : {}) },
      from: port.place,
      ...defaultPortIn(port),
    });
  }
}

function defaultPortIn(port: ServicePort | undefined): { readonly defaultPort?: number } {
  if (port?.host.kind !== 'variable') return {};
  const number = port.host.fallback ?? port.container;
  return number === undefined ? {} : { defaultPort: number };
}

interface PortEntry {
  readonly name: string;
  readonly entry: string;
  readonly isMain: boolean;
  readonly port: ServicePort;
}

function portEntryOf(findings: Findings, { name, entry, isMain, port }: PortEntry): WrittenPort | undefined {
  const { host, place, container } = port;
  // All services get the variable, and each has its own PORT.
  if (host.kind === 'variable') return { port: 'auto', ...(host.name === 'PORT' ? {} : { portEnv: host.name }) };
  adviseOn(findings, name, port, variableFor(name, container, isMain));
  if (host.kind === 'fixed' && host.port >= minReservable) return { port: host.port, strictPort: true };
  findings.ignore(place, `Ports below ${minReservable} cannot be reserved for '${entry}'`);
  return undefined;
}

/** Compose finds containers by the name of the project, so that checkouts with one name would share them. */
function adviseOnProject(findings: Findings, project: ComposeProject, directory: string): void {
  const place = project.findPlace(['name']);
  const consequence = 'so that a second checkout replaces the containers of the first';
  if (place !== undefined) {
    findings.advise(
      place,
      `All checkouts have this project name, ${consequence}; remove it, or set COMPOSE_PROJECT_NAME`,
    );
  } else if (directory !== '') {
    const [file] = Object.keys(project.services).flatMap((name) => project.findPlace(['services', name])?.file ?? []);
    if (file !== undefined)
      findings.advise(
        { file },
        `Compose names the project after the directory '${directory}' in all checkouts, ${consequence}; set COMPOSE_PROJECT_NAME`,
      );
  }
  for (const name of Object.keys(project.services)) {
    const fixed = project.findPlace(['services', name, 'container_name']);
    const isBuilt = entriesOf(project.services[name]).build !== undefined;
    if (fixed !== undefined && !isBuilt)
      findings.advise(
        fixed,
        `Only one container can have the name that is fixed here; remove it, so that a second checkout can run '${name}'`,
      );
  }
}
