import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AddedServiceDocument } from '@candle/documents';
import { findNodeAtLocation } from 'jsonc-parser';
import { parsePortOrAuto } from '../ports/port-range.ts';
import type { Trust } from '../projects/config-trust.ts';
import { type ConfigChange, changeConfig } from './change-config.ts';
import { ConfigInvalidError, ConfigMissingError } from './config-errors.ts';
import { emptyConfig, isSameConfig, normaliseService, type ParsedConfig, type ServiceConfig } from './config-schema.ts';
import { insertKeyText, insertServiceText, type NewService, newConfigText, removeServiceText } from './edit-text.ts';
import { parseConfig } from './parse-config.ts';
import { findConfigPath, getConfiguredService, readConfigFile } from './read-config.ts';
import { ServiceAlreadyConfiguredError, ServiceNotAddableError, ServiceNotRemovableError } from './service-errors.ts';
import { parseServiceName, parseServiceRoot, parseServiceShell } from './service-fields.ts';
import { parseSyntaxTree } from './syntax-tree.ts';

export interface ServiceChange extends ConfigChange {
  readonly service: ServiceConfig;
}

/** Parses a new text before it is written, so that an edit with an unexpected result is never published. */
async function verified(path: string, text: string, expected: ParsedConfig): Promise<string> {
  if (isSameConfig(await parseConfig(path, text), expected)) return text;
  throw new Error(`The edit of ${path} would have changed more than the intended service`);
}

/**
 * Adds a service at the end of the config of a project directory, and creates the config if there is none.
 * @throws InvalidServiceNameError, InvalidServiceShellError, InvalidServiceRootError, ServiceRootOutsideProjectError,
 * InvalidPortError, PrivilegedPortError, ServiceAlreadyConfiguredError, ServiceNotAddableError if the service conflicts with
 * the rest of the config, ConfigUntrustedError, ConfigInvalidError, ConfigNotWritableError, ConfigBusyError
 */
export async function addService(
  trust: Trust,
  projectDir: string,
  { name, shell, root, port = 'auto', tty }: NewService,
): Promise<ServiceChange> {
  parseServiceName(name);
  parseServiceShell(shell);
  const directory = root === undefined ? undefined : await parseServiceRoot(projectDir, root);
  const written = {
    name,
    shell,
    ...(directory === undefined ? {} : { root: directory }),
    port: port === null ? null : parsePortOrAuto(String(port)),
    ...(tty ? { tty } : {}),
  };
  const service = normaliseService(written);
  const { path, created } = await changeConfig(trust, projectDir, async (file, path) => {
    const config = file === undefined ? emptyConfig : await parseConfig(path, file.text);
    if (config.services.some((other) => other.name === name)) throw new ServiceAlreadyConfiguredError(name, path);
    const text = insertServiceText(file?.text ?? newConfigText(findSchemaReference(projectDir)), written);
    const expected = { ...config, services: [...config.services, service] };
    const checked = await verified(path, text, expected).catch((error: unknown) => {
      throw error instanceof ConfigInvalidError ? new ServiceNotAddableError(name, path, error.problems) : error;
    });
    return { text: checked, result: undefined };
  });
  return { path, created, service };
}

/** What is added to a configuration. Each value is written as it is. */
export interface ConfigAdditions {
  readonly services: readonly (object & NewService)[];
  /** Entries of `ports`, by name. */
  readonly ports: Readonly<Record<string, object>>;
  readonly setup?: object | string | undefined;
}

/** What a configuration contains, as it is written. */
export interface WrittenConfig {
  readonly services: readonly { readonly name: string; readonly shell: string; readonly root?: string }[];
  readonly ports: readonly string[];
  readonly hasSetup: boolean;
}

/**
 * Adds to the config of a project directory, and creates it if there is none. Changes nothing else in the file.
 * @param choose what is missing in the file as it is now; called again if another command was faster
 * @throws ServiceNotAddableError if an addition conflicts with the rest of the config, ConfigUntrustedError,
 * ConfigInvalidError, ConfigNotWritableError, ConfigBusyError
 */
export async function extendConfig(
  trust: Trust,
  projectDir: string,
  choose: (written: WrittenConfig) => ConfigAdditions,
): Promise<ConfigChange & { readonly added: ConfigAdditions }> {
  const { path, created, result } = await changeConfig(trust, projectDir, async (file, path) => {
    const before = file === undefined ? emptyConfig : await parseConfig(path, file.text);
    const added = choose(writtenConfig(before, file?.text ?? ''));
    const text = withAdditions(file?.text ?? newConfigText(findSchemaReference(projectDir)), added);
    if (file !== undefined && text === file.text) return { text: undefined, result: added };
    const after = await parseConfig(path, text).catch((error: unknown) => {
      const [first] = added.services;
      const name = first?.name ?? Object.keys(added.ports)[0] ?? 'setup';
      throw error instanceof ConfigInvalidError ? new ServiceNotAddableError(name, path, error.problems) : error;
    });
    if (!isDeepStrictEqual(after.services.slice(0, before.services.length), before.services))
      throw new Error(`The edit of ${path} would have changed more than it adds`);
    return { text, result: added };
  });
  return { path, created, added: result };
}

/** What the config of a project directory contains; undefined if there is none. @throws ConfigInvalidError, ConfigUntrustedError */
export async function readWrittenConfig(trust: Trust, projectDir: string): Promise<WrittenConfig | undefined> {
  const path = findConfigPath(projectDir);
  const file = path === undefined ? undefined : await readConfigFile(path, trust);
  return file && writtenConfig(await parseConfig(file.path, file.text), file.text);
}

function writtenConfig({ services, ports }: ParsedConfig, text: string): WrittenConfig {
  const { root } = parseSyntaxTree(text);
  return {
    services,
    ports: ports.map(({ name }) => name),
    hasSetup: root !== undefined && findNodeAtLocation(root, ['setup']) !== undefined,
  };
}

function withAdditions(text: string, { services, ports, setup }: ConfigAdditions): string {
  const withServices = services.reduce(insertServiceText, text);
  const withPorts = Object.entries(ports).reduce(
    (edited, [name, entry]) => insertKeyText(edited, name, entry, 'ports'),
    withServices,
  );
  return setup === undefined ? withPorts : insertKeyText(withPorts, 'setup', setup);
}

/**
 * Copies a configuration into a project directory that has none, as it is. If there is one by now, changes nothing.
 * @throws ConfigInvalidError if it is not valid, ConfigUntrustedError, ConfigNotWritableError, ConfigBusyError
 */
export async function copyConfig(trust: Trust, from: string, projectDir: string): Promise<ConfigChange> {
  const source = await readConfigFile(from, trust);
  if (source === undefined) throw new ConfigMissingError(dirname(from));
  await parseConfig(from, source.text);
  const { path, created } = await changeConfig(trust, projectDir, async (file) => ({
    text: file === undefined ? source.text : undefined,
    result: undefined,
  }));
  return { path, created };
}

/**
 * Removes a service from the config of a project directory; the result contains the removed service.
 * @throws InvalidServiceNameError, ServiceNotConfiguredError, ServiceNotRemovableError if other services refer to it,
 * ConfigMissingError, ConfigUntrustedError, ConfigInvalidError, ConfigNotWritableError, ConfigBusyError
 */
export async function removeService(trust: Trust, projectDir: string, name: string): Promise<ServiceChange> {
  parseServiceName(name);
  const { path, created, result } = await changeConfig(trust, projectDir, async (file, path) => {
    if (file === undefined) throw new ConfigMissingError(projectDir);
    const config = await parseConfig(path, file.text);
    const service = getConfiguredService({ path, ...config }, name);
    const text = removeServiceText(file.text, config.services.indexOf(service));
    const others = config.services.filter((other) => other !== service);
    const checked = await verified(path, text, { ...config, services: others }).catch((error: unknown) => {
      throw error instanceof ConfigInvalidError ? new ServiceNotRemovableError(name, path, error.problems) : error;
    });
    return { text: checked, result: service };
  });
  return { path, created, service: result };
}

/**
 * Creates a config without services in a directory. If there is one already, even an invalid one, returns its path.
 * @throws ConfigUntrustedError, ConfigNotWritableError, ConfigBusyError
 */
export async function setupProject(trust: Trust, directory: string): Promise<ConfigChange> {
  const existing = findConfigPath(directory);
  if (existing !== undefined) return { path: existing, created: false };
  const { path, created } = await changeConfig(trust, directory, async (file) => ({
    text: file === undefined ? newConfigText(findSchemaReference(directory)) : undefined,
    result: undefined,
  }));
  return { path, created };
}

export function addedServiceDocument(
  { name, shell, root, port = 'auto' }: NewService,
  { path, created }: ConfigChange,
): AddedServiceDocument {
  return { name, shell, root: root ?? null, port, path, created };
}

/** The schema in an installed package; the path is the same for every version. */
const installedSchema = './node_modules/@candle/cli/config.schema.json';

/**
 * The `$schema` of a new `.candle.json`; undefined if Candle is not installed in the project. An absolute path would not work
 * on other machines, and a URL could point to another version.
 */
function findSchemaReference(projectDir: string): string | undefined {
  return existsSync(join(projectDir, installedSchema)) ? installedSchema : undefined;
}
