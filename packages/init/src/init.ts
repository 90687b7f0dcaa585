import { existsSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  type ConfigAdditions,
  copyConfig,
  extendConfig,
  findConfigPath,
  readWrittenConfig,
  type WrittenConfig,
} from '@candle/core/config';
import { configFileName, type FindFileDistrust, openFileTrust, type Trust } from '@candle/core/projects';
import { MainConfigMissingError, NoServicesFoundError, SourceUnusableError } from './errors.ts';
import { findSetup } from './find-setup.ts';
import { findMainConfig } from './main-checkout.ts';
import { type ProjectFiles, projectFiles } from './project-files.ts';
import type { Finding, Note, Place, ProposedService, WrittenService, WrittenSetup } from './proposal.ts';
import {
  type ConfigProposal,
  isSourceFile,
  listFileNames,
  type ProposalContext,
  proposeConfig,
} from './propose-config.ts';

/** Whether `docker compose` works on this machine; `no-engine`: it is installed, but its engine does not answer. */
export type ComposeState = 'works' | 'no-engine' | 'missing';

/** The machine, as far as files do not show it. */
export interface InitHost {
  readonly trust: Trust;
  readonly findCompose: () => Promise<ComposeState>;
  /** Whether git tracks a file. */
  readonly isTracked: (path: string) => Promise<boolean>;
}

export interface InitInput {
  readonly projectDir: string;
  /** The only file whose services are wanted: an absolute path. */
  readonly from?: string | undefined;
  /** Copies the configuration of the main checkout, and nothing else. */
  readonly fromMain?: boolean | undefined;
  /** Decides what is written. Undefined: nothing. */
  readonly decide: (offer: InitOffer) => Promise<InitDecision | undefined>;
}

/** What `init` would write. */
export interface InitOffer extends Finding {
  readonly projectDir: string;
  /** The path of the configuration, which need not exist. */
  readonly path: string;
  /** The names of found services that are configured already. They are not part of the offer. */
  readonly present: readonly string[];
  /** The setup for the selected services. */
  readonly setup: WrittenSetup | undefined;
  /** The configuration of the main checkout, if it can be copied. */
  readonly mainConfig: string | undefined;
}

export type InitDecision =
  | { readonly kind: 'copy' }
  /** Writes the services with these names, and all ports. */
  | { readonly kind: 'write'; readonly names: readonly string[] };

export interface InitResult {
  readonly offer: InitOffer;
  /** Undefined if nothing was written. */
  readonly written: InitWritten | undefined;
}

export interface InitWritten {
  readonly created: boolean;
  readonly services: readonly string[];
  readonly ports: readonly string[];
  readonly hasSetup: boolean;
  readonly copiedFrom: string | undefined;
}

/**
 * Finds the services of a project in its files, and adds to its configuration what is missing there. In a git worktree, it can
 * copy the configuration of the main checkout instead, if git does not track it. Safe to repeat, even by many callers at once.
 * Files that another user can change decide about nothing.
 * @throws NoServicesFoundError, SourceUnusableError, MainConfigMissingError, ConfigUntrustedError, the errors of `extendConfig` and `copyConfig`
 */
export async function init(host: InitHost, input: InitInput): Promise<InitResult> {
  const { projectDir } = input;
  const configured = await readWrittenConfig(host.trust, projectDir);
  const mainConfig = configured === undefined ? await findUntrackedConfig(host, projectDir) : undefined;
  if (input.fromMain && mainConfig === undefined) throw new MainConfigMissingError(projectDir);
  const findDistrust = await openFileTrust(projectDir, host.trust);
  const files = projectFiles(projectDir, findDistrust);
  const from = input.from === undefined ? undefined : sourceIn(files, projectDir, input.from);
  const proposal = withoutUntrusted(await propose(host, files, { configured, from }), findDistrust);
  const offer = await offerOf(files, proposal, {
    projectDir,
    configured,
    mainConfig: from === undefined ? mainConfig : undefined,
  });
  const hasServices = configured !== undefined && configured.services.length > 0;
  if (isEmpty(proposal) && !hasServices && mainConfig === undefined)
    throw new NoServicesFoundError(projectDir, {
      from,
      fileNames: listFileNames(),
      notes: notesOf(proposal),
      unreadable: [...new Set(proposal.problems.map(({ place }) => place.file))],
    });
  const decision = await input.decide(offer);
  if (decision === undefined) return { offer, written: undefined };
  if (decision.kind === 'write' && decision.names.length + offer.ports.length === 0 && configured === undefined)
    throw new NoServicesFoundError(projectDir, { fileNames: listFileNames(), notes: notesOf(offer), unreadable: [] });
  const written =
    decision.kind === 'copy' && mainConfig !== undefined
      ? await copy(host.trust, mainConfig, projectDir)
      : await write(host.trust, files, offer, decision.kind === 'write' ? decision.names : []);
  return { offer, written };
}

async function findUntrackedConfig({ isTracked }: InitHost, projectDir: string): Promise<string | undefined> {
  const path = findMainConfig(projectDir);
  return path !== undefined && !(await isTracked(path)) ? path : undefined;
}

function sourceIn(files: ProjectFiles, projectDir: string, path: string): string {
  const file = relative(projectDir, existsSync(path) ? realpathSync(path) : path);
  const problem = file.startsWith('..')
    ? `is not in the project ${projectDir}`
    : files.kindOf(file) !== 'file'
      ? 'is not a file'
      : isSourceFile(file)
        ? undefined
        : 'is not a file in which Candle can find services';
  if (problem !== undefined) throw new SourceUnusableError(path, problem, listFileNames());
  return file;
}

/** Docker is asked only if containers were found, because the answer of its engine takes time. */
async function propose(
  { findCompose }: InitHost,
  files: ProjectFiles,
  question: Pick<ProposalContext, 'configured' | 'from'>,
): Promise<ConfigProposal> {
  const context = { ...question, platform: process.platform };
  const proposal = proposeConfig(files, { ...context, hasCompose: false });
  if (!proposal.hasContainers) return proposal;
  const state = await findCompose();
  if (state === 'works') return proposeConfig(files, { ...context, hasCompose: true });
  if (state === 'missing') return proposal;
  const [container] = proposal.ports;
  if (container === undefined) return proposal;
  const text =
    'Docker is installed, but its engine does not answer; start it before this command to let Candle start the containers';
  return { ...proposal, advice: [...proposal.advice, { place: { file: container.from.file }, text }] };
}

/** Some services are found by the names of files, and their directories contain what their commands run. */
function withoutUntrusted(proposal: ConfigProposal, findDistrust: FindFileDistrust): ConfigProposal {
  const untrusted = new Map<string, Note>();
  const isTrusted = ({ file }: Place, directory = '') => {
    const text = findDistrust(file) ?? findDistrust(directory);
    if (text !== undefined) untrusted.set(file, { place: { file }, text });
    return text === undefined;
  };
  const services = proposal.services.filter(({ service, from }) => isTrusted(from, service.root));
  const ports = proposal.ports.filter(({ from }) => isTrusted(from));
  const others = proposal.problems.filter(({ place, text }) => untrusted.get(place.file)?.text !== text);
  return { ...proposal, services, ports, problems: [...others, ...untrusted.values()] };
}

function isEmpty({ services, ports }: Finding): boolean {
  return services.length === 0 && ports.length === 0;
}

interface OfferParts {
  readonly projectDir: string;
  readonly configured: WrittenConfig | undefined;
  readonly mainConfig: string | undefined;
}

async function offerOf(
  files: ProjectFiles,
  proposal: ConfigProposal,
  { projectDir, configured, mainConfig }: OfferParts,
): Promise<InitOffer> {
  const isPresent = (name: string) => isNameOf(configured, name);
  const services = proposal.services.filter(({ service }) => !isPresent(service.name));
  const { hasContainers: _, ...finding } = proposal;
  return {
    ...finding,
    projectDir,
    path: findConfigPath(projectDir) ?? join(projectDir, configFileName),
    services,
    ports: proposal.ports.filter(({ name }) => !isPresent(name)),
    present: [
      ...proposal.services.map(({ service }) => service.name),
      ...proposal.ports.map(({ name }) => name),
    ].filter(isPresent),
    setup:
      configured?.hasSetup === true
        ? undefined
        : setupFor(
            files,
            proposal.services.filter(({ isSelected }) => isSelected),
          ),
    mainConfig,
  };
}

function isNameOf(configured: WrittenConfig | undefined, name: string): boolean {
  return (
    configured?.services.some((service) => service.name === name) === true || configured?.ports.includes(name) === true
  );
}

function setupFor(files: ProjectFiles, services: readonly ProposedService[]): WrittenSetup | undefined {
  return findSetup(files, services, { hasCompose: true, platform: process.platform });
}

async function copy(trust: Trust, from: string, projectDir: string): Promise<InitWritten> {
  const { created } = await copyConfig(trust, from, projectDir);
  return { created, services: [], ports: [], hasSetup: false, copiedFrom: created ? from : undefined };
}

async function write(
  trust: Trust,
  files: ProjectFiles,
  offer: InitOffer,
  names: readonly string[],
): Promise<InitWritten> {
  const chosen = offer.services.filter(({ service }) => names.includes(service.name));
  const setup = offer.setup === undefined ? undefined : setupFor(files, chosen);
  const { created, added } = await extendConfig(trust, offer.projectDir, (configured) => ({
    services: withKnownReferences(chosen, offer.ports, configured).filter(({ name }) => !isNameOf(configured, name)),
    ports: Object.fromEntries(
      offer.ports.filter(({ name }) => !isNameOf(configured, name)).map(({ name, port }) => [name, port]),
    ),
    setup: configured.hasSetup || setup === undefined ? undefined : writtenSetup(setup),
  }));
  return {
    created,
    services: added.services.map(({ name }) => name),
    ports: Object.keys(added.ports),
    hasSetup: added.setup !== undefined,
    copiedFrom: undefined,
  };
}

/** Without inputs, the command alone decides whether it runs again. */
function writtenSetup({ run, inputs }: WrittenSetup): ConfigAdditions['setup'] {
  return inputs.length === 0 ? run : { run, inputs };
}

/** Without references to services that were not chosen. */
function withKnownReferences(
  chosen: readonly ProposedService[],
  ports: InitOffer['ports'],
  configured: WrittenConfig,
): readonly WrittenService[] {
  const services = new Set([...configured.services, ...chosen.map(({ service }) => service)].map(({ name }) => name));
  const entries = new Set([...configured.ports, ...ports.map(({ name }) => name)]);
  const isKnown = (value: string) =>
    [...value.matchAll(/\$\{(services|ports)\.([^.}]+)\./g)].every(([, area, name = '']) =>
      (area === 'ports' ? entries : services).has(name),
    );
  return chosen.map(({ service: { dependsOn = [], env = {}, ...service } }) => {
    const variables = Object.entries(env).filter(([, value]) => isKnown(value));
    const kept = dependsOn.filter((name) => services.has(name));
    return {
      ...service,
      ...(variables.length === 0 ? {} : { env: Object.fromEntries(variables) }),
      ...(kept.length === 0 ? {} : { dependsOn: kept }),
    };
  });
}

/** Why nothing of this is a service that is started without a question. */
function notesOf({ problems, ignored, services }: Finding): readonly Note[] {
  const optional = services.map(({ service, from, unselectedBecause = 'it is optional' }) => ({
    place: from,
    text: `'${service.name}' is not selected, because ${unselectedBecause}`,
  }));
  return [...problems, ...optional, ...ignored];
}
