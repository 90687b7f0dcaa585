import { type CandleError, isCandleError } from '../errors/candle-error.ts';
import type { PortPreference } from '../ports/port-preference.ts';
import { ConfigMissingError } from './config-errors.ts';
import { findConfigPath, readConfigFile } from './config-file.ts';
import { ServiceNotConfiguredError } from './errors.ts';
import type { ProjectConfig, ServiceConfig } from './service-config.ts';

/**
 * The config of a project directory: `.candle.json`, or else `.candle-setup.json`; undefined if there is neither. A file
 * with only white space and comments is a project without services.
 * @throws ConfigInvalidError with all problems of the file
 */
export async function findConfig(projectDir: string): Promise<ProjectConfig | undefined> {
  const path = await findConfigPath(projectDir);
  const file = path === undefined ? undefined : await readConfigFile(path);
  if (file === undefined) return undefined;
  // Loaded only if there is a config, because most of its code is used for nothing else.
  const { parseConfig } = await import('./parse-config.ts');
  return { path: file.path, ...(await parseConfig(file.path, file.text)) };
}

/**
 * The config of a project directory.
 * @throws ConfigMissingError, ConfigInvalidError
 */
export async function getConfig(projectDir: string): Promise<ProjectConfig> {
  const config = await findConfig(projectDir);
  if (config === undefined) throw new ConfigMissingError(projectDir);
  return config;
}

/** The config of a project, or why it cannot be used. Both are undefined if the project has no config. */
export interface ConfigReading {
  readonly config: ProjectConfig | undefined;
  readonly error: CandleError | undefined;
}

export type ReadConfig = (projectDir: string) => Promise<ConfigReading>;

export const readConfig: ReadConfig = async (projectDir) => {
  try {
    return { config: await findConfig(projectDir), error: undefined };
  } catch (error) {
    if (isCandleError(error)) return { config: undefined, error };
    throw error;
  }
};

/**
 * Reads the config of each project at most once. A command or a tool call uses one such function, so that all its parts
 * agree on the config, even if somebody edits the file meanwhile.
 */
export function readConfigOnce(): ReadConfig {
  const readings = new Map<string, Promise<ConfigReading>>();
  return (projectDir) => {
    const reading = readings.get(projectDir) ?? readConfig(projectDir);
    readings.set(projectDir, reading);
    return reading;
  };
}

/** The settings for reservations in a project's configuration. */
export interface PortSettings {
  readonly excluded: readonly number[];
  /** The port setting of the given service. */
  readonly preference: PortPreference | undefined;
}

/**
 * The settings for a new reservation of a service, or of the project itself. An invalid configuration has none, because
 * ports can be reserved without it.
 */
export function portSettingsOf({ config }: ConfigReading, serviceName: string | undefined): PortSettings {
  const service = config?.services.find(({ name }) => name === serviceName);
  return { excluded: config?.excludedPorts ?? [], preference: service?.port };
}

/**
 * The service with exactly that name.
 * @throws ServiceNotConfiguredError with the most similar known name
 */
export function getConfiguredService(config: Pick<ProjectConfig, 'path' | 'services'>, name: string): ServiceConfig {
  const service = config.services.find((candidate) => candidate.name === name);
  if (service !== undefined) return service;
  throw new ServiceNotConfiguredError(
    name,
    config.path,
    config.services.map((known) => known.name),
  );
}
