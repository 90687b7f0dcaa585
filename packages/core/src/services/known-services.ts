import type { Candle } from '../candle.ts';
import { isCandleError } from '../errors/candle-error.ts';
import { findConfig } from './config/read-config.ts';
import type { ProjectConfig } from './config/service-config.ts';
import { parseServiceName } from './config/service-name.ts';
import { UnknownServiceError } from './errors.ts';
import type { ServiceRecord } from './service.ts';
import { configuredDefinition, type ServiceDefinition, transientDefinition } from './service-definition.ts';

/** All that is known of a project's services. */
export interface KnownServices {
  readonly projectDir: string;
  readonly config: ProjectConfig | undefined;
  /** Why the configuration could not be read; what only reads or stops goes on without it. */
  readonly configError: unknown;
  readonly records: ReadonlyMap<string, ServiceRecord>;
  /** Configured first, in the order of the file; then transient ones by name. */
  readonly names: readonly string[];
}

/** Reads the configuration and the ledger; a broken configuration is reported and not thrown. */
export async function readKnownServices(candle: Candle, projectDir: string): Promise<KnownServices> {
  let config: ProjectConfig | undefined;
  let configError: unknown;
  try {
    config = await findConfig(projectDir);
  } catch (error) {
    if (!isCandleError(error)) throw error;
    configError = error;
  }
  const records = new Map((await candle.store.services.list(projectDir)).map((record) => [record.name, record]));
  const configured = config?.services.map(({ name }) => name) ?? [];
  return {
    projectDir,
    config,
    configError,
    records,
    names: [...new Set([...configured, ...records.keys()])],
  };
}

/** The names whole, each once, and all of them known. @throws InvalidServiceNameError, UnknownServiceError */
export function resolveNames(known: KnownServices, names: readonly string[]): readonly string[] {
  for (const name of names) {
    parseServiceName(name);
    if (known.names.includes(name)) continue;
    const configIsBroken = known.configError !== undefined;
    throw new UnknownServiceError(name, known.projectDir, known.names, { configIsBroken });
  }
  return [...new Set(names)];
}

/** How the service would be started now; undefined when nothing says how any more. */
export function findDefinition(known: KnownServices, name: string): ServiceDefinition | undefined {
  const configured = known.config?.services.find((service) => service.name === name);
  if (configured) return configuredDefinition(known.projectDir, configured);
  const transient = known.records.get(name)?.transient;
  return transient ? transientDefinition(known.projectDir, name, transient) : undefined;
}
