import type * as v from 'valibot';
import type { PortPreference } from '../ports/port-preference.ts';
import type { WrittenServiceSchema } from './config-schema.ts';
import { defaultLogLimits, type LogLimits } from './log-limits.ts';
import { portVariablesOf, preferenceOf } from './port-fields.ts';
import { defaultReadyCheck, type WrittenReadyCheck } from './ready-check.ts';
import { noRestart, type RestartPolicy } from './restart-policy.ts';

/** One service of the config, with all defaults applied. Templates are still as written. */
export interface ServiceConfig {
  readonly name: string;
  /** The command for `sh -c`. */
  readonly shell: string;
  /** Relative to the project and inside it; absent for the project directory itself. */
  readonly root?: string;
  /** The port to reserve before the first start; absent if no port is reserved automatically. */
  readonly port?: PortPreference;
  /** The variables that contain the reserved port; can be empty. */
  readonly portEnv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Paths as written, read in this order. */
  readonly envFiles: readonly string[];
  readonly autostart: boolean;
  readonly color: boolean;
  readonly stopSignal: NodeJS.Signals;
  /** 0 to 24 days. */
  readonly stopTimeoutMs: number;
  /** The command for `sh -c` that runs before the stop signal is sent; absent if the signal alone stops the service. */
  readonly stopCommand?: string;
  readonly restart: RestartPolicy;
  readonly ready: WrittenReadyCheck;
  /** Names of services that have to be ready before this one starts. */
  readonly dependsOn: readonly string[];
  /** Whether `candle send` can write to its stdin. */
  readonly enableStdin: boolean;
  readonly logs: LogLimits;
}

/** A project's config, validated. */
export interface ProjectConfig {
  readonly path: string;
  /** In the order of the file. */
  readonly services: readonly ServiceConfig[];
  /** Ports that are never reserved for this project. */
  readonly excludedPorts: readonly number[];
}

export const defaultStopTimeoutMs = 10_000;

export function normaliseService(written: v.InferOutput<typeof WrittenServiceSchema>): ServiceConfig {
  const { envFile = [], dependsOn = [] } = written;
  const preference = preferenceOf(written.port, written.strictPort);
  return {
    name: written.name,
    shell: written.shell,
    ...(written.root === undefined ? {} : { root: written.root }),
    ...(preference === undefined ? {} : { port: preference }),
    portEnv: portVariablesOf(written.portEnv),
    env: written.env ?? {},
    envFiles: typeof envFile === 'string' ? [envFile] : envFile,
    autostart: written.autostart ?? true,
    color: written.color ?? false,
    stopSignal: written.stopSignal ?? 'SIGTERM',
    stopTimeoutMs: written.stopTimeout ?? defaultStopTimeoutMs,
    ...(written.stopCommand === undefined ? {} : { stopCommand: written.stopCommand }),
    restart: written.restart ?? noRestart,
    ready: written.ready ?? defaultReadyCheck,
    dependsOn: typeof dependsOn === 'string' ? [dependsOn] : dependsOn,
    enableStdin: written.enableStdin ?? false,
    logs: written.logs ?? defaultLogLimits,
  };
}
