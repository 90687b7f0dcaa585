import { ConfigMissingError } from './config-errors.ts';
import { findConfigPath, readConfigFile } from './config-file.ts';
import { ServiceNotConfiguredError } from './errors.ts';
import { parseConfig } from './parse-config.ts';
import type { ProjectConfig, ServiceConfig } from './service-config.ts';

/**
 * The config of a project directory: `.candle.json`, or else `.candle-setup.json`; undefined if there is neither. A file
 * with only white space and comments is a project without services.
 * @throws ConfigInvalidError with all problems of the file
 */
export async function findConfig(projectDir: string): Promise<ProjectConfig | undefined> {
  const path = await findConfigPath(projectDir);
  const file = path === undefined ? undefined : await readConfigFile(path);
  return file === undefined ? undefined : { path: file.path, ...(await parseConfig(file.path, file.text)) };
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
