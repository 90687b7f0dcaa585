import { furtherPortName } from '@candle/core/ports';
import type { Reservation } from '@candle/core/reservations';
import {
  browserUrlsOf,
  type EnvFileVariables,
  findUrl,
  type PortNaming,
  type PortVariable,
  portVariables,
  type ResolvedDefinition,
  type ServiceDefinition,
} from '@candle/core/services';
import { findLauncher, type Launcher } from '@candle/core/system';
import { findBash, isUnusualName, type ReservedFurtherPort } from './launch.ts';

/** Where the value of a variable comes from. Later kinds override earlier ones. */
export type VariableSource =
  | { readonly kind: 'default' }
  | { readonly kind: 'caller' }
  | { readonly kind: 'color' }
  | { readonly kind: 'tty' }
  /** `<SERVICE>_PORT`, `<SERVICE>_URL` or `<SERVICE>_BROWSER_URL` of a reservation of the project. */
  | { readonly kind: 'reservation'; readonly serviceName: string }
  /** `path` is absolute. */
  | { readonly kind: 'envFile'; readonly path: string }
  | { readonly kind: 'env' }
  | { readonly kind: 'portEnv' }
  | { readonly kind: 'candle' };

/** A variable of a service's environment. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly source: VariableSource;
}

/** The variables that the project and the definition of a service contribute to its environment. */
export interface GivenVariables {
  readonly color: boolean;
  readonly tty: boolean;
  /** The ports of the project's services, as variables. */
  readonly ports: readonly PortVariable[];
  /** In the order of the definition; later files override earlier ones. */
  readonly files: readonly Pick<EnvFileVariables, 'path' | 'variables'>[];
  readonly env: Readonly<Record<string, string>>;
  /** Names of the variables that get the reserved port. */
  readonly portEnv: readonly string[];
  /** The further ports of the service, by variable; undefined without a reservation. */
  readonly furtherPorts: Readonly<Record<string, number | undefined>>;
  /** The host name under which browsers reach the service; undefined if it has none. */
  readonly browserHost?: string | undefined;
}

/**
 * Variables with the host names that a framework accepts in addition to its own. By default, Rails 7 and server-side rendering in
 * Angular reject the host name of a service, which has several labels before `localhost`.
 */
const allowedHostsVariables = ['RAILS_DEVELOPMENT_HOSTS', 'NG_ALLOWED_HOSTS'];

/** The input for the variables that every service of a project gets. */
export interface ProjectVariables {
  /** All reservations of the project. */
  readonly reservations: readonly Reservation[];
  /** Undefined without a configuration. */
  readonly config: PortNaming | undefined;
}

/** The variables that a service's definition, its env files and its project contribute to its environment. Pure. */
export function givenVariables(
  {
    name,
    color,
    tty,
    env,
    portEnv,
    ports,
  }: Pick<ResolvedDefinition, 'name' | 'color' | 'tty' | 'env' | 'portEnv' | 'ports'>,
  { files, ...project }: ProjectVariables & { readonly files: readonly EnvFileVariables[] },
): GivenVariables {
  const reserved = portsByName(project.reservations);
  const furtherPorts = Object.fromEntries(
    ports.map(({ variable }) => [variable, reserved.get(furtherPortName(name, variable))]),
  );
  const { config = { services: [], ports: [] } } = project;
  const url = findUrl(config.services.find((one) => one.name === name) ?? { name }, reserved.get(name));
  const browserUrl = browserUrlsOf(config)(name, url);
  const browserHost = browserUrl === undefined ? undefined : new URL(browserUrl).hostname;
  return { ...projectVariables(project), color, tty, files, env, portEnv, furtherPorts, browserHost };
}

/** The variables that every service of the project gets. Pure. */
export function projectVariables({ reservations, config }: ProjectVariables): GivenVariables {
  const ports = portVariables(reservations, config);
  return { color: false, tty: false, ports, files: [], env: {}, portEnv: [], furtherPorts: {} };
}

/** A variable with a name that some shells do not pass on, and where it is set; no file for `env`. */
interface UnusualVariable {
  readonly name: string;
  readonly file: EnvFileVariables | undefined;
}

/** Only what the service itself sets counts: a caller has some of them, and does not expect them to arrive. Pure. */
export function unusualVariables({
  files,
  env,
}: Pick<ServiceDefinition, 'env'> & { readonly files: readonly EnvFileVariables[] }): readonly UnusualVariable[] {
  const sources = [...files.map((file) => ({ file, variables: file.variables })), { file: undefined, variables: env }];
  return sources.flatMap(({ file, variables }) =>
    Object.keys(variables).flatMap((name) => (isUnusualName(name) ? [{ name, file }] : [])),
  );
}

/** The path of a bash for the commands of a service that sets such a variable; undefined if `sh` runs them. */
export function findInterpreter(
  service: Parameters<typeof unusualVariables>[0],
  path: string | undefined,
): string | undefined {
  return unusualVariables(service).length > 0 ? findBash(path) : undefined;
}

/** The reserved port of a service; undefined without one, and if its configuration says that it never gets a port. */
export function ownPortOf(
  { name, port }: Pick<ServiceDefinition, 'name' | 'port'>,
  reserved: ReadonlyMap<string, number>,
): number | undefined {
  return port === null ? undefined : reserved.get(name);
}

/** The further ports of a service that are reserved. */
export function furtherPortsOf(
  { name, ports }: ServiceDefinition,
  reserved: ReadonlyMap<string, number>,
): readonly ReservedFurtherPort[] {
  return ports.flatMap(({ variable }) => {
    const port = reserved.get(furtherPortName(name, variable));
    return port === undefined ? [] : [{ name: furtherPortName(name, variable), port, variable }];
  });
}

/** Maps the names of reservations to their ports. */
export function portsByName(reservations: readonly Reservation[]): ReadonlyMap<string, number> {
  return new Map(
    reservations.flatMap(({ serviceName, port }) => (serviceName === null ? [] : [[serviceName, port] as const])),
  );
}

/** The values that identify the run to its own processes. */
export interface RunVariables {
  /** If omitted: the environment that every service of the project gets. */
  readonly serviceName?: string | undefined;
  readonly projectDir: string;
  /** Omitted if there is no run. */
  readonly runId?: string | undefined;
  /** The reserved port. Without one, the portEnv variables are not changed. */
  readonly port: number | undefined;
  /** Absolute. */
  readonly stateDir: string;
}

/** Why a service does not get a variable of its caller. `candle`: it is about the service that called Candle. */
export type DropReason = Launcher | 'candle';

/** A variable of the caller that a service does not get. */
export interface DroppedVariable {
  readonly name: string;
  readonly reason: DropReason;
  /** It gets the rest of the value, to which a launcher has added something. */
  readonly isPartial: boolean;
}

export interface ServiceEnvironment {
  /** Each variable once. */
  readonly variables: readonly Variable[];
  /** The variables of the caller that are not among them, and those of which a part is missing. */
  readonly dropped: readonly DroppedVariable[];
}

/**
 * The environment of a service: the caller's environment without the variables about the caller itself, then the
 * project's ports, the env files, `env`, the reserved port, and Candle's own variables. Pure.
 */
export function serviceEnvironment(
  caller: Readonly<Record<string, string | undefined>>,
  { color, tty, ports, files, env, portEnv, furtherPorts, browserHost }: GivenVariables,
  { serviceName, projectDir, runId, port, stateDir }: RunVariables,
): ServiceEnvironment {
  const { kept, dropped } = inherited(caller, [...portEnv, ...Object.keys(furtherPorts)]);
  const given = lastOfEach([
    // Without this, Python buffers output to a file until the buffer is full.
    ...variables({ kind: 'default' }, { PYTHONUNBUFFERED: '1' }),
    ...allowedHostsVariables.flatMap((name) => variables({ kind: 'default' }, { [name]: browserHost })),
    ...variables({ kind: 'caller' }, kept),
    ...variables({ kind: 'color' }, { FORCE_COLOR: color ? '1' : undefined }),
    // The caller may have none, or another terminal.
    ...variables({ kind: 'tty' }, { TERM: tty ? 'xterm-256color' : undefined }),
    ...ports.map((one) => ({ ...one, source: { kind: 'reservation', serviceName: one.serviceName } as const })),
    ...files.flatMap((file) => variables({ kind: 'envFile', path: file.path }, file.variables)),
    ...variables({ kind: 'env' }, env),
    ...[...portEnv.map((name) => [name, port] as const), ...Object.entries(furtherPorts)].flatMap(([name, value]) =>
      variables({ kind: 'portEnv' }, { [name]: value === undefined ? value : String(value) }),
    ),
    ...variables(
      { kind: 'candle' },
      {
        CANDLE_SERVICE: serviceName,
        CANDLE_PROJECT: projectDir,
        CANDLE_RUN_ID: runId,
        // If a service calls candle, for example for the port of another service, it must use the same state directory, and
        // the same configurations.
        CANDLE_STATE_DIR: caller.CANDLE_STATE_DIR ? stateDir : undefined,
        CANDLE_TRUST: caller.CANDLE_TRUST || undefined,
      },
    ),
  ]);
  const sources = new Map(given.map(({ name, source }) => [name, source.kind]));
  const missing = dropped.filter(({ name }) => !sources.has(name) || sources.get(name) === 'caller');
  return { variables: given, dropped: missing };
}

/** The variables in the form that a process is started with. */
export function environmentRecord(variables: readonly Variable[]): Readonly<Record<string, string>> {
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

/** The caller's variables, except those about the caller itself and the port of the service that the caller is part of. */
function inherited(
  caller: Readonly<Record<string, string | undefined>>,
  portEnv: readonly string[],
): { readonly kept: Readonly<Record<string, string | undefined>>; readonly dropped: readonly DroppedVariable[] } {
  // `candle exec` and `candle env` set no run id.
  const isInsideService = caller.CANDLE_RUN_ID !== undefined || caller.CANDLE_SERVICE !== undefined;
  const ports = new Set(isInsideService ? ['PORT', ...portEnv] : []);
  const kept = new Map(Object.entries(caller));
  const dropped: DroppedVariable[] = [];
  for (const name of Object.keys(caller)) {
    const isOfCaller = name.startsWith('CANDLE_') || ports.has(name);
    const found = isOfCaller ? { launcher: 'candle' as const, rest: undefined } : findLauncher(name, caller);
    if (found === undefined || caller[name] === undefined) continue;
    kept.set(name, found.rest);
    dropped.push({ name, reason: found.launcher, isPartial: found.rest !== undefined });
  }
  return { kept: Object.fromEntries(kept), dropped };
}

function variables(source: VariableSource, record: Readonly<Record<string, string | undefined>>): readonly Variable[] {
  return Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value, source }]));
}

function lastOfEach(all: readonly Variable[]): readonly Variable[] {
  const last = new Map(all.map((variable) => [variable.name, variable]));
  return all.filter((variable) => last.get(variable.name) === variable);
}
