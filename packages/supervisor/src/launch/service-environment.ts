import { type EnvFileVariables, isAgentVariable, type PortVariable } from '@candle/core';

/** Where the value of a variable comes from; each kind wins over those before it. */
export type VariableSource =
  | { readonly kind: 'default' }
  | { readonly kind: 'caller' }
  | { readonly kind: 'color' }
  /** `<SERVICE>_PORT` or `<SERVICE>_URL` of a reservation of the project. */
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

/** What the project and the definition of a service say of its environment. */
export interface GivenVariables {
  readonly color: boolean;
  /** The ports of the project's services, as variables. */
  readonly ports: readonly PortVariable[];
  /** In the order of the definition. */
  readonly files: readonly EnvFileVariables[];
  readonly env: Readonly<Record<string, string>>;
  /** Names of the variables that get the reserved port. */
  readonly portEnv: readonly string[];
}

/** What names the run to its own processes. */
export interface RunVariables {
  /** Left out: what every service of the project gets. */
  readonly serviceName?: string | undefined;
  readonly projectDir: string;
  /** Left out: there is no run. */
  readonly runId?: string | undefined;
  /** The reserved port; without one, the variables of portEnv are left as they are. */
  readonly port: number | undefined;
  /** Absolute. */
  readonly stateDir: string;
}

/** Left by `npm run`: they speak of the package whose script has called candle. Only candle's own may speak of candle. */
const callerMarks = /^(npm_.*|INIT_CWD|CANDLE_.*)$/;

/**
 * The environment of a service: the caller's, less what speaks of the caller; then the project's ports, the files, `env`,
 * the reserved port, and what Candle says. Each variable once, with what its value comes from. Pure.
 */
export function serviceEnvironment(
  caller: Readonly<Record<string, string | undefined>>,
  { color, ports, files, env, portEnv }: GivenVariables,
  { serviceName, projectDir, runId, port, stateDir }: RunVariables,
): readonly Variable[] {
  return lastOfEach([
    // Python holds back what it prints to a file until its buffer is full.
    ...variables({ kind: 'default' }, { PYTHONUNBUFFERED: '1' }),
    ...variables({ kind: 'caller' }, inherited(caller, portEnv)),
    ...variables({ kind: 'color' }, { FORCE_COLOR: color ? '1' : undefined }),
    ...ports.map((one) => ({ ...one, source: { kind: 'reservation', serviceName: one.serviceName } as const })),
    ...files.flatMap((file) => variables({ kind: 'envFile', path: file.path }, file.variables)),
    ...variables({ kind: 'env' }, env),
    ...portEnv.flatMap((name) => variables({ kind: 'portEnv' }, { [name]: port === undefined ? port : String(port) })),
    ...variables(
      { kind: 'candle' },
      {
        CANDLE_SERVICE: serviceName,
        CANDLE_PROJECT: projectDir,
        CANDLE_RUN_ID: runId,
        // A service that asks candle for another one's port has to ask where its own is.
        CANDLE_STATE_DIR: caller.CANDLE_STATE_DIR ? stateDir : undefined,
      },
    ),
  ]);
}

/** As a process is given it. */
export function environmentRecord(variables: readonly Variable[]): Readonly<Record<string, string>> {
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

/** What the caller passes on: nothing that speaks of the caller itself, nor the port of a service that it is part of. */
function inherited(
  caller: Readonly<Record<string, string | undefined>>,
  portEnv: readonly string[],
): Readonly<Record<string, string | undefined>> {
  // `candle exec` and `candle env` name no run.
  const isInsideService = caller.CANDLE_RUN_ID !== undefined || caller.CANDLE_SERVICE !== undefined;
  const ports = new Set(isInsideService ? ['PORT', ...portEnv] : []);
  return Object.fromEntries(
    Object.entries(caller).filter(([name]) => !isAgentVariable(name) && !callerMarks.test(name) && !ports.has(name)),
  );
}

function variables(source: VariableSource, record: Readonly<Record<string, string | undefined>>): readonly Variable[] {
  return Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value, source }]));
}

function lastOfEach(all: readonly Variable[]): readonly Variable[] {
  const last = new Map(all.map((variable) => [variable.name, variable]));
  return all.filter((variable) => last.get(variable.name) === variable);
}
