import type { ServiceConfig } from '../config/config-schema.ts';
import type { LogLimits } from '../config/log-limits.ts';
import { plainService } from '../config/plain-service.ts';
import type { ReadyCheck } from '../config/ready-check.ts';
import type { SetupConfig } from '../config/run-once-fields.ts';
import { setupName } from '../config/service-fields.ts';
import type { DirectoryIdentity } from '../projects/config-trust.ts';
import type { ProcessIdentity } from '../runs/run-status.ts';
import { sha1 } from '../system/sha1.ts';
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
  /** The project's directory when its configuration was read; undefined for a transient service. */
  readonly directory?: DirectoryIdentity | undefined;
  readonly isTransient: boolean;
  /** Only for a job or a setup: a hash of the files that it depends on. */
  readonly inputsHash?: string | undefined;
  /** Whether its stdin is empty, instead of a pipe that never ends. */
  readonly hasEmptyStdin?: boolean;
}

/** A definition with the values of all templates, as it is started. */
export interface ResolvedDefinition extends ServiceDefinition {
  readonly ready: ReadyCheck;
}

export function configuredDefinition(
  projectDir: string,
  config: ServiceConfig,
  directory?: DirectoryIdentity,
): ServiceDefinition {
  // A job that asks a question would otherwise wait forever for the answer.
  const hasEmptyStdin = config.oneshot && !config.enableStdin;
  return { ...config, projectDir, directory, isTransient: false, hasEmptyStdin };
}

export function transientDefinition(
  projectDir: string,
  name: string,
  { shell, root }: NonNullable<ServiceRecord['transient']>,
): ServiceDefinition {
  return {
    ...plainService,
    name,
    shell,
    ...(root === null ? {} : { root }),
    autostart: false,
    // The user typed the command, so the user may also type into it.
    enableStdin: true,
    projectDir,
    isTransient: true,
  };
}

/** A setup runs like a service without a port that nobody waits for to become ready. */
export function setupDefinition(
  projectDir: string,
  { run }: SetupConfig,
  { directory, inputsHash }: Pick<ServiceDefinition, 'directory' | 'inputsHash'> = {},
): ServiceDefinition {
  const { timeoutMs, intervalMs } = plainService.ready;
  return {
    ...transientDefinition(projectDir, setupName, { shell: run, root: null }),
    portEnv: [],
    ready: { kind: 'none', timeoutMs, intervalMs },
    enableStdin: false,
    // An installer that asks a question would otherwise wait forever for the answer.
    hasEmptyStdin: true,
    isTransient: false,
    directory,
    inputsHash,
  };
}

/**
 * What decides how a service runs, by the name of the setting in `.candle.json`. Not which port it prefers and which URL others
 * get: the first has no effect on a reservation, and the second none on the service itself.
 */
function settingsOf(definition: ServiceConfig) {
  const { shell, root, env, envFiles, color, stopSignal, stopTimeoutMs } = definition;
  const { stopTarget, stopCommand, restart, ready, logs, portEnv, enableStdin, tty, output, oneshot } = definition;
  const sortedEnv = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    first: {
      shell,
      root: root ?? null,
      env: sortedEnv,
      envFile: envFiles,
      color,
      stopSignal,
      stopTimeout: stopTimeoutMs,
    },
    later: {
      stopTarget,
      stopCommand: stopCommand ?? null,
      restart,
      ready,
      logs,
      portEnv,
      enableStdin,
      tty,
      output,
      port: definition.port === null ? 'none' : 'any',
      ports: definition.ports.map(({ variable }) => variable),
      oneshot,
    },
  };
}

/** Equal for equal definitions. It is a hash, because the environment may contain secrets. */
export function fingerprint(definition: ServiceDefinition): string {
  const { first, later } = settingsOf(definition);
  const defaults = { ...settingsOf(plainService).later, enableStdin: definition.isTransient };
  // Only values that differ from the defaults, so that a service started before these fields existed counts as unchanged.
  const nonDefault = Object.entries(later).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key as keyof typeof defaults]),
  );
  const settings = hashOf([...Object.values(first), ...nonDefault]);
  return definition.inputsHash === undefined ? settings : `${settings}:${definition.inputsHash}`;
}

/** Whether two definitions are equal except for the contents of their inputs. Takes their fingerprints. */
export function hasSameSettings(one: string, other: string): boolean {
  return one.split(':')[0] === other.split(':')[0];
}

/** A hash of each setting, because values may be secrets. */
export type SettingHashes = Readonly<Record<string, string>>;

/** Not a reason for a restart by itself: the ports that the service would get if none were reserved. */
export const preferredPorts = 'preferredPorts';

/** `envFiles`: the variables in the files of `envFile`, because a service also runs differently if a file has changed. */
export function hashSettings(
  definition: ResolvedDefinition,
  envFiles: readonly { readonly variables: Readonly<Record<string, string>> }[],
): SettingHashes {
  const { first, later } = settingsOf(definition);
  // A run records its further ports with their numbers.
  const { ports: _, ...settings } = {
    ...{ ...first, ...later, envFile: [first.envFile, envFiles.map(({ variables }) => variables)] },
    [preferredPorts]: [definition.port, definition.ports],
  };
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, hashOf(value)]));
}

/** The settings that differ, sorted. A setting that an earlier Candle did not record counts as unchanged. */
export function changedSettings(before: SettingHashes, now: SettingHashes): readonly string[] {
  return Object.keys(now)
    .filter((name) => before[name] !== undefined && before[name] !== now[name])
    .toSorted();
}

function hashOf(value: unknown): string {
  return sha1(JSON.stringify(value));
}
