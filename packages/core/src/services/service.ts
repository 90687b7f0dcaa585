import { hash } from 'node:crypto';
import { defaultStop, type ServiceConfig } from '../config/config-schema.ts';
import { defaultLogLimits, type LogLimits } from '../config/log-limits.ts';
import { defaultPortEnv } from '../config/port-fields.ts';
import { defaultReadyCheck, type ReadyCheck } from '../config/ready-check.ts';
import { noRestart } from '../config/restart-policy.ts';
import type { ProcessIdentity } from '../runs/run-status.ts';
import type { PendingRestart } from './pending-restart.ts';

export type RequestVerb = 'start' | 'kill';

/** A service's record in the database: its desired state, the newest request, and the lock. */
export interface ServiceRecord {
  readonly projectDir: string;
  readonly name: string;
  /** The command of a transient service; null for a configured service, which is read from its file. */
  readonly transient: { readonly shell: string; readonly root: string | null } | null;
  readonly desired: 'up' | 'down';
  /** The newest request: its generation, its verb and the requesting process. */
  readonly request: { readonly generation: number; readonly verb: RequestVerb; readonly owner: ProcessIdentity };
  /** The process that holds the service lock. */
  readonly lock: { readonly owner: ProcessIdentity; readonly sinceMs: number } | null;
  /** The state of its restart policy. */
  readonly pendingRestart: PendingRestart;
  /** How much output is kept; null for the default. */
  readonly logLimits: LogLimits | null;
}

/** Identifies a service: names are unique within a project. */
export interface ServiceKey {
  readonly projectDir: string;
  readonly name: string;
}

/** How a service is started now: from its configuration, or from `start NAME --shell …`. */
export interface ServiceDefinition extends ServiceConfig {
  readonly projectDir: string;
  readonly isTransient: boolean;
}

/** A definition with the values of all templates, as it is started. */
export interface ResolvedDefinition extends ServiceDefinition {
  readonly ready: ReadyCheck;
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
    portEnv: defaultPortEnv,
    ports: [],
    env: {},
    envFiles: [],
    autostart: false,
    color: false,
    ...defaultStop,
    restart: noRestart,
    ready: defaultReadyCheck,
    dependsOn: [],
    // The user typed the command, so the user may also type into it.
    enableStdin: true,
    logs: defaultLogLimits,
    projectDir,
    isTransient: true,
  };
}

/** Equal for equal definitions. It is a hash, because the environment may contain secrets. */
export function fingerprint(definition: ServiceDefinition): string {
  const { shell, root, env, envFiles, color, stopSignal, stopTimeoutMs } = definition;
  const sortedEnv = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts: unknown[] = [shell, root ?? null, sortedEnv, envFiles, color, stopSignal, stopTimeoutMs];
  return hash('sha1', JSON.stringify([...parts, ...nonDefaultParts(definition)]));
}

/** Only values that differ from the defaults, so that a service started before these fields existed counts as unchanged. */
function nonDefaultParts({
  stopCommand,
  restart,
  ready,
  logs,
  portEnv,
  ports,
  port,
}: ServiceDefinition): readonly unknown[] {
  const defaults = {
    stopCommand: null,
    restart: noRestart,
    ready: defaultReadyCheck,
    logs: defaultLogLimits,
    portEnv: defaultPortEnv,
    ports: [],
    isPortless: false,
  };
  const isPortless = port === null;
  return Object.entries({ stopCommand: stopCommand ?? null, restart, ready, logs, portEnv, ports, isPortless }).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key as keyof typeof defaults]),
  );
}
