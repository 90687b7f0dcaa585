import { hash } from 'node:crypto';
import { defaultStopTimeoutMs, type ServiceConfig } from './config/service-config.ts';
import type { ServiceRecord } from './service.ts';

/** How a service is started now: from its configuration, or as it was given to `start NAME --shell …`. */
export interface ServiceDefinition extends ServiceConfig {
  readonly projectDir: string;
  readonly isTransient: boolean;
}

export function configuredDefinition(projectDir: string, config: ServiceConfig): ServiceDefinition {
  return { ...config, projectDir, isTransient: false };
}

export function transientDefinition(
  projectDir: string,
  name: string,
  { shell, root }: NonNullable<ServiceRecord['transient']>,
): ServiceDefinition {
  return {
    name,
    shell,
    ...(root === null ? {} : { root }),
    env: {},
    envFiles: [],
    autostart: false,
    color: false,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: defaultStopTimeoutMs,
    projectDir,
    isTransient: true,
  };
}

/** Equal for equal definitions. A hash, because the environment may hold secrets. */
export function fingerprint({
  shell,
  root,
  env,
  envFiles,
  color,
  stopSignal,
  stopTimeoutMs,
}: ServiceDefinition): string {
  const sortedEnv = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha1', JSON.stringify([shell, root ?? null, sortedEnv, envFiles, color, stopSignal, stopTimeoutMs]));
}
