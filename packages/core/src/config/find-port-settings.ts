import { isCandleError } from '../errors/candle-error.ts';
import type { PortPreference } from '../ports/port-preference.ts';
import { findConfigPath } from './config-file.ts';

/** The settings for reservations in a project's configuration. */
export interface PortSettings {
  readonly excluded: readonly number[];
  /** The port setting of the given service. */
  readonly preference: PortPreference | undefined;
}

const noSettings: PortSettings = { excluded: [], preference: undefined };

/**
 * The settings for a new reservation of a service, or of the project itself. An invalid configuration is ignored, because
 * ports can be reserved without it. The parser is loaded only if there is a configuration.
 */
export async function findPortSettings(projectDir: string, serviceName: string | undefined): Promise<PortSettings> {
  try {
    if ((await findConfigPath(projectDir)) === undefined) return noSettings;
    const { findConfig } = await import('./read-config.ts');
    const config = await findConfig(projectDir);
    const service = config?.services.find(({ name }) => name === serviceName);
    return { excluded: config?.excludedPorts ?? [], preference: service?.port };
  } catch (error) {
    if (isCandleError(error)) return noSettings;
    throw error;
  }
}
