import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import type { FurtherPort, PortEntry, PortPreference } from '../ports/port-preference.ts';
import type { DirectoryIdentity } from '../projects/config-trust.ts';
import type { ConfigProblem } from './config-errors.ts';
import {
  defaultLogLimits,
  defaultOutputMode,
  type LogLimits,
  LogLimitsSchema,
  type OutputMode,
  OutputModeSchema,
} from './log-limits.ts';
import {
  ExcludePortsSchema,
  furtherPortsOf,
  PortEntriesSchema,
  portEntryFields,
  portEntryOf,
  portFields,
  portVariablesOf,
  preferenceOf,
} from './port-fields.ts';
import { defaultReadyCheck, doneCheck, noReadyCheck, ReadySchema, type WrittenReadyCheck } from './ready-check.ts';
import { noRestart, type RestartPolicy, RestartSchema } from './restart-policy.ts';
import { jobFields, type SetupConfig, SetupSchema } from './run-once-fields.ts';
import { described, EnvFileSchema, EnvSchema, plainObject, ruledString } from './schema-parts.ts';
import { findServiceNameProblem, findServiceRootProblem, findServiceShellProblem } from './service-fields.ts';
import { defaultStop, type StopTarget, stopFields } from './stop-fields.ts';

const dependsOnProblem = 'must be a service name or a list of service names';
const dependencyName = ruledString(dependsOnProblem, findServiceNameProblem);
const DependsOnSchema = v.union([dependencyName, v.array(dependencyName, dependsOnProblem)], dependsOnProblem);

const ServiceObjectSchema = v.looseObject({
  name: described(
    ruledString('must be a non-empty string', findServiceNameProblem),
    'The name of the service: a single line of printable text.',
    { minLength: 1, maxLength: 100 },
  ),
  shell: described(
    ruledString('must be a non-empty string', findServiceShellProblem),
    'The command that starts the service, run by `sh`. The reserved port is in PORT, and replaces ${port}.',
    { minLength: 1, examples: ['npm run dev'] },
  ),
  root: v.exactOptional(
    described(
      ruledString('must be a path relative to the project', findServiceRootProblem),
      'The working directory: a path relative to the project and inside it. If omitted, the project directory.',
      { minLength: 1, examples: ['apps/api'] },
    ),
  ),
  ...portFields,
  env: v.exactOptional(
    described(EnvSchema, 'Environment variables of the service. They take precedence over those from envFile.', {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
    }),
  ),
  envFile: v.exactOptional(
    described(EnvFileSchema, 'dotenv files, read in this order. Paths are relative to the project.', {
      examples: ['.env', ['.env', '.env.local']],
    }),
  ),
  ...jobFields,
  autostart: v.exactOptional(
    described(v.boolean('must be true or false'), 'false: the service is started only by name.', { default: true }),
  ),
  color: v.exactOptional(
    described(v.boolean('must be true or false'), 'true: sets FORCE_COLOR, so that the service prints in colour.', {
      default: false,
    }),
  ),
  ...stopFields,
  restart: v.exactOptional(
    described(RestartSchema, 'Whether the service is restarted after it exits without being stopped.', {
      default: 'never',
    }),
  ),
  ready: v.exactOptional(
    described(
      ReadySchema,
      'When the service counts as ready; false: the service never listens on a port. If omitted: when it listens on its reserved port or, without one, on any port or 3 s after its start.',
    ),
  ),
  dependsOn: v.exactOptional(
    described(DependsOnSchema, 'Services that are started first and must be ready before this one starts.'),
  ),
  enableStdin: v.exactOptional(
    described(
      v.boolean('must be true or false'),
      'true: `candle send` can write to its standard input. If omitted: only if it has a terminal.',
      { default: false },
    ),
  ),
  tty: v.exactOptional(
    described(
      v.boolean('must be true or false'),
      'true: the service runs in a terminal of 120 columns and 30 rows, and `candle send` types into it. `output` has no effect then.',
      { default: false },
    ),
  ),
  output: v.exactOptional(
    described(
      OutputModeSchema,
      'Where the service prints to. auto: a file, and from the start after it has truncated that file on, a pipe. file: what it truncates is lost. pipe: it waits while nobody reads the pipe.',
      { default: defaultOutputMode },
    ),
  ),
  logs: v.exactOptional(described(LogLimitsSchema, 'How much output is kept, for all runs of the service together.')),
});

/** One service as written; the output has parsed signals and durations. Unknown keys are allowed. */
export const WrittenServiceSchema = v.pipe(
  plainObject("must be an object with 'name' and 'shell'"),
  ServiceObjectSchema,
);

const ConfigObjectSchema = v.looseObject({
  $schema: v.exactOptional(
    described(v.string('must be a string'), 'The location of this schema for editors: a path or a URL.'),
  ),
  services: v.exactOptional(
    described(
      v.array(WrittenServiceSchema, 'must be a list of services, or an object of services by name'),
      'The services of the project: a list, or an object by name.',
    ),
    [],
  ),
  ports: v.exactOptional(PortEntriesSchema, {}),
  setup: v.exactOptional(SetupSchema),
  excludePorts: v.exactOptional(ExcludePortsSchema, []),
});

/** The whole file, with the object form of `services` already converted to a list. */
export const WrittenConfigSchema = v.pipe(plainObject('must be an object: { "services": [] }'), ConfigObjectSchema);

/** The fields of the objects whose unknown fields may be misspelled ones. Other objects reject those. */
export const knownFields = {
  config: Object.keys(ConfigObjectSchema.entries),
  service: Object.keys(ServiceObjectSchema.entries),
  portEntry: portEntryFields,
};

/** One service of the config, with all defaults applied. Templates are still as written. */
export interface ServiceConfig {
  readonly name: string;
  /** The command for `sh -c`. */
  readonly shell: string;
  /** Relative to the project and inside it; absent for the project directory itself. */
  readonly root?: string;
  /**
   * The port to reserve before the first start; absent if no port is reserved automatically. Null: the service never gets a
   * port, even if one is reserved under its name.
   */
  readonly port?: PortPreference | null;
  /** The variables that contain the reserved port; can be empty. */
  readonly portEnv: readonly string[];
  readonly ports: readonly FurtherPort[];
  /** The URL that other services get; can contain the template `${port}`. */
  readonly url?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Paths as written, read in this order. */
  readonly envFiles: readonly string[];
  /** Whether it is a job: a command that ends, and then counts as done. */
  readonly oneshot: boolean;
  /** Only for a job: paths as written. When the content of one of these files changes, the job is no longer done. */
  readonly inputs: readonly string[];
  readonly autostart: boolean;
  readonly color: boolean;
  readonly stopSignal: NodeJS.Signals;
  /** 0 to 24 days. */
  readonly stopTimeoutMs: number;
  readonly stopTarget: StopTarget;
  /** The command for `sh -c` that runs before the stop signal is sent; absent if the signal alone stops the service. */
  readonly stopCommand?: string;
  readonly restart: RestartPolicy;
  readonly ready: WrittenReadyCheck;
  /** Names of services that have to be ready before this one starts. */
  readonly dependsOn: readonly string[];
  /** Whether `candle send` can write to its stdin. */
  readonly enableStdin: boolean;
  /** Whether it has a terminal. */
  readonly tty: boolean;
  readonly output: OutputMode;
  readonly logs: LogLimits;
}

/** A project's config, validated. */
export interface ProjectConfig {
  readonly path: string;
  /** The directory in which the file was found. */
  readonly directory: DirectoryIdentity;
  /** In the order of the file. */
  readonly services: readonly ServiceConfig[];
  /** Ports of programs that Candle does not start. */
  readonly ports: readonly PortEntry[];
  /** Absent if nothing has to run before the services. */
  readonly setup?: SetupConfig;
  /** Ports that are never reserved for this project. */
  readonly excludedPorts: readonly number[];
  /** What is valid, but probably not what was meant. */
  readonly warnings: readonly ConfigProblem[];
}

/** The contents of a config. */
export type ParsedConfig = Omit<ProjectConfig, 'path' | 'directory'>;

/** Compares what two configurations mean. Warnings contain numbers of lines, which also change with comments. */
export function isSameConfig(one: ParsedConfig | undefined, other: ParsedConfig | undefined): boolean {
  const meaning = (config: ParsedConfig | undefined) => config && { ...config, warnings: [] };
  return isDeepStrictEqual(meaning(one), meaning(other));
}

/** The contents of a file with only white space and comments. */
export const emptyConfig: ParsedConfig = { services: [], ports: [], excludedPorts: [], warnings: [] };

export function normaliseConfig({
  services,
  setup,
  ports,
  excludePorts,
}: v.InferOutput<typeof WrittenConfigSchema>): Omit<ParsedConfig, 'warnings'> {
  return {
    services: services.map(normaliseService),
    ...(setup === undefined ? {} : { setup }),
    ports: ports.map(portEntryOf),
    excludedPorts: excludePorts,
  };
}

export function normaliseService(written: v.InferOutput<typeof WrittenServiceSchema>): ServiceConfig {
  const { envFile = [], dependsOn = [], port } = written;
  const ready = written.oneshot ? doneCheck : port === null ? noReadyCheck : defaultReadyCheck;
  return {
    name: written.name,
    shell: written.shell,
    ...(written.root === undefined ? {} : { root: written.root }),
    ...(port === undefined ? {} : { port: port === null ? null : preferenceOf(port, written.strictPort) }),
    portEnv: portVariablesOf(written.portEnv),
    ports: furtherPortsOf(written.ports ?? []),
    ...(written.url === undefined ? {} : { url: written.url }),
    env: written.env ?? {},
    envFiles: typeof envFile === 'string' ? [envFile] : envFile,
    oneshot: written.oneshot ?? false,
    inputs: written.inputs ?? [],
    autostart: written.autostart ?? true,
    color: written.color ?? false,
    stopSignal: written.stopSignal ?? defaultStop.stopSignal,
    stopTimeoutMs: written.stopTimeout ?? defaultStop.stopTimeoutMs,
    stopTarget: written.stopTarget ?? defaultStop.stopTarget,
    ...(written.stopCommand === undefined ? {} : { stopCommand: written.stopCommand }),
    restart: written.restart ?? noRestart,
    ready: written.ready ?? ready,
    dependsOn: typeof dependsOn === 'string' ? [dependsOn] : dependsOn,
    enableStdin: written.enableStdin ?? written.tty ?? false,
    tty: written.tty ?? false,
    output: written.output ?? defaultOutputMode,
    logs: written.logs ?? defaultLogLimits,
  };
}
