import { isCandleError } from '../../errors/candle-error.ts';
import type { PortPreference } from '../../ports/port-preference.ts';
import { findConfigPath } from './config-file.ts';

/** What a project's configuration says about reservations. */
export interface PortSettings {
  readonly excluded: readonly number[];
  /** Of the service in question. */
  readonly preference: PortPreference | undefined;
}

const nothingSaid: PortSettings = { excluded: [], preference: undefined };

/**
 * What the configuration says about a new reservation of a service, or of the project itself. A broken one says nothing:
 * ports are reserved all the same. The parser is loaded only where there is a configuration.
 */
export async function findPortSettings(projectDir: string, serviceName: string | undefined): Promise<PortSettings> {
  try {
    if ((await findConfigPath(projectDir)) === undefined) return nothingSaid;
    const { findConfig } = await import('./read-config.ts');
    const config = await findConfig(projectDir);
    const service = config?.services.find(({ name }) => name === serviceName);
    return { excluded: config?.excludedPorts ?? [], preference: service?.port };
  } catch (error) {
    if (isCandleError(error)) return nothingSaid;
    throw error;
  }
}
