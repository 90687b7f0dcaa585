import { join } from 'node:path';
import {
  type ConfigProblem,
  parseServiceName,
  parseServiceShell,
  preferenceOf,
  resolveServiceRoot,
  ServiceNotConfiguredError,
  setupName,
} from '@candle/core/config';
import { type CandleError, isCandleError } from '@candle/core/errors';
import { ownerOfPort, parsePortOrAuto } from '@candle/core/ports';
import { configFileName } from '@candle/core/projects';
import type { Reservation } from '@candle/core/reservations';
import type { Run } from '@candle/core/runs';
import {
  findDefinition,
  fingerprint,
  hasSameSettings,
  type KnownServices,
  NoServicesError,
  type PortNaming,
  readKnownServices,
  readNaming,
  resolveNames,
  type ServiceDefinition,
  ServiceIsConfiguredError,
  ServiceNameTakenError,
  setupDefinition,
  transientDefinition,
} from '@candle/core/services';
import { type Outcomes, throwFailures } from '../dependencies/outcomes.ts';
import {
  findLiveRun,
  type OnProgress,
  planStart,
  type StartPlan,
  startInOrder,
} from '../dependencies/start-in-order.ts';
import { refuseSelfStarts } from '../launch/caller.ts';
import type { StartedService } from '../launch/confirm-run.ts';
import { type ResolvedService, resolveService } from '../launch/launch-run.ts';
import type { SetupOptions } from '../setup/run-setup.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import type { Supervision } from '../supervision.ts';
import { type OnNewCommands, type ServiceCommands, takeNewCommands } from './new-commands.ts';
import { type PortChanges, preparePorts } from './prepare-ports.ts';
import { findVariableProblems } from './variable-problems.ts';

export interface StartInput extends Pick<SetupOptions, 'setup' | 'onSetup'> {
  readonly projectDir: string;
  /** If empty, all configured services except those with `"autostart": false`. */
  readonly names: readonly string[];
  /** Turns the one named service into a transient service with this command. */
  readonly transient?:
    | { readonly shell: string; readonly root?: string | undefined; readonly port?: 'auto' | number | undefined }
    | undefined;
  /** The named services get other ports first. */
  readonly move?: boolean | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  /** Called once, before anything is started. */
  readonly onPorts?: ((changes: PortChanges) => void) | undefined;
  /** Called once if there are any, before anything is started. */
  readonly onNewCommands?: OnNewCommands | undefined;
  /** Called with the services that are about to start, before the first of them does. */
  readonly onStarting?: ((names: readonly string[]) => Promise<void>) | undefined;
  readonly onProgress?: OnProgress | undefined;
  /**
   * How long each service may take to become ready, counted from its own start. If omitted, there is no wait beyond that of a
   * start.
   */
  readonly waitMs?: number | undefined;
  /**
   * Ends the wait at once, with its reason. Services that were started keep running; those that were to follow are not
   * started.
   */
  readonly signal?: AbortSignal | undefined;
}

/** The result of a start of any kind. */
export interface StartedServices extends Outcomes<StartedService> {
  readonly ports: PortChanges;
  /** Commands that were started for the first time on this machine. */
  readonly newCommands: readonly ServiceCommands[];
  /** What is probably not as it was meant in the configuration. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Starts services in the background, with those of their dependencies that are not running. A named service that is running
 * is replaced. If a service fails, only the services that depend on it are not started.
 */
export async function start(supervision: Supervision, input: StartInput): Promise<StartedServices> {
  const { onWaiting, onProgress, waitMs, signal } = input;
  const { plan, resolved, ...prepared } = await prepareStart(supervision, input);
  await input.onStarting?.([...resolved.keys()]);
  const options = { resolved, repeated: input.names, onWaiting, onProgress, waitMs, signal };
  return { ...(await startInOrder(supervision, plan, options)), ...prepared };
}

/** Which of the requested services are left as they are if they are running: all, or those whose definition has not changed. */
type KeptServices = 'running' | 'unchanged';

export interface PreparedStart extends Pick<StartedServices, 'ports' | 'newCommands' | 'warnings'> {
  readonly plan: StartPlan;
  /** The services that are about to start, by name; with `unchanged`, all services of the plan. */
  readonly resolved: ReadonlyMap<string, ResolvedService>;
  /** The runs of the running services that may be kept, by name. */
  readonly live: ReadonlyMap<string, Run>;
}

/**
 * Plans the start of the requested services and their dependencies, reserves the ports of the project, and runs its setup. An invalid
 * configuration or an unavailable port is reported here, before any running service is touched.
 * @throws ConfigError, and the errors of names, ports, templates and runSetup
 */
export async function prepareStart(
  supervision: Supervision,
  input: Omit<StartInput, 'waitMs'>,
  { keep }: { keep?: KeptServices } = {},
): Promise<PreparedStart> {
  const { projectDir, move } = input;
  const known = await readKnownServices(supervision, projectDir);
  if (known.configError) throw known.configError;
  const setup = findSetup(supervision, known, input);
  const isSetupNamed = setup !== undefined && input.names.includes(setup.name);
  const requested = await definitionsToStart(known, input, setup);
  const plan = planStart(known, requested, (name) => getDefinition(known, name));
  if (keep === undefined) await refuseSelfStarts(supervision, requested);
  // Without `keep`, a requested service is replaced whether it is running or not.
  const kept = keep === undefined ? plan.definitions.filter(({ name }) => !plan.named.has(name)) : plan.definitions;
  const live = await findLiveRuns(supervision, kept);
  // A service that keeps running as it is needs neither a port nor the values of its templates.
  const definitions = keep === 'unchanged' ? plan.definitions : plan.definitions.filter(({ name }) => !live.has(name));
  const before = await supervision.store.reservations.list(projectDir);
  const named = keep === 'unchanged' && !move ? findReplaced(definitions, live, before) : plan.named;
  const { changes, reservations } = await preparePorts(
    supervision,
    { ...known, reservations: before },
    { definitions, named },
    { move, keep: keep === 'running' },
  );
  input.onPorts?.(changes);
  const naming = await readNaming(supervision, known, reservations);
  const resolved = await resolveAll(definitions, reservations, naming);
  const isSetupNeeded = setup !== undefined && (definitions.length > 0 || isSetupNamed);
  const ofVariables = await findVariableProblems(supervision, definitions, {
    ...{ reservations, naming, path: known.config?.path },
  });
  const warnings = [...(known.config?.warnings ?? []), ...ofVariables];
  if (warnings.length > 0) supervision.onConfigWarnings?.(warnings);
  const newCommands = await takeNewCommands(supervision, isSetupNeeded ? [setup, ...definitions] : definitions);
  if (newCommands.length > 0) input.onNewCommands?.(newCommands);
  const isForced = isSetupNamed && keep === undefined;
  // Loaded only here, because many projects have no setup.
  const { runSetup } = isSetupNeeded ? await import('../setup/run-setup.ts') : {};
  const hasWaited = (await runSetup?.(supervision, known, { ...input, isForced })) === true;
  return {
    ...{ plan, ports: changes, newCommands, warnings, live },
    // Another command may have moved a port meanwhile.
    resolved: hasWaited
      ? await resolveAll(definitions, await supervision.store.reservations.list(projectDir), naming)
      : resolved,
  };
}

/** The definition of the setup; undefined if there is none, or if this start skips it. */
function findSetup(
  { callerEnv }: Supervision,
  { projectDir, config }: KnownServices,
  { setup }: StartInput,
): ServiceDefinition | undefined {
  // A command that the setup itself runs would wait for the end of the setup.
  const isInside = callerEnv.CANDLE_SERVICE === setupName && callerEnv.CANDLE_PROJECT === projectDir;
  if (config?.setup === undefined || setup === false || isInside) return undefined;
  return setupDefinition(projectDir, config.setup, { directory: config.directory });
}

async function findLiveRuns(
  supervision: Supervision,
  definitions: readonly ServiceDefinition[],
): Promise<ReadonlyMap<string, Run>> {
  const runs = await Promise.all(definitions.map((definition) => findLiveRun(supervision, definition)));
  return new Map(runs.flatMap((run) => (run ? [[run.serviceName, run]] : [])));
}

/** The services whose runs will be replaced, as far as this is known before ports are reserved. */
function findReplaced(
  definitions: readonly ServiceDefinition[],
  live: ReadonlyMap<string, Run>,
  reservations: readonly Reservation[],
): ReadonlySet<string> {
  const reserved = new Set(reservations.map(({ serviceName }) => serviceName));
  const replaced = definitions.filter((definition) => {
    const run = live.get(definition.name);
    const getsPort = definition.port != null && !reserved.has(definition.name);
    return run !== undefined && (getsPort || !hasSameSettings(run.fingerprint, fingerprint(definition)));
  });
  return new Set(replaced.map(({ name }) => name));
}

/** @throws TemplateWithoutPortError, InvalidTemplateError, or SeveralServicesFailedError for several errors */
async function resolveAll(
  definitions: readonly ServiceDefinition[],
  reservations: readonly Reservation[],
  naming: PortNaming,
): Promise<ReadonlyMap<string, ResolvedService>> {
  const resolved = new Map<string, ResolvedService>();
  const failed: CandleError[] = [];
  for (const definition of definitions) {
    try {
      resolved.set(definition.name, await resolveService(definition, reservations, naming));
    } catch (error) {
      if (!isCandleError(error)) throw error;
      failed.push(error);
    }
  }
  throwFailures({ done: [], failed });
  return resolved;
}

async function definitionsToStart(
  known: KnownServices,
  { projectDir, names, transient }: Pick<StartInput, 'projectDir' | 'names' | 'transient'>,
  setup: ServiceDefinition | undefined,
): Promise<readonly ServiceDefinition[]> {
  if (transient) {
    const [name = ''] = names;
    parseServiceName(name);
    parseServiceShell(transient.shell);
    const isConfigured = known.config?.services.some((service) => service.name === name);
    if (known.config && (isConfigured || name === setup?.name)) {
      throw new ServiceIsConfiguredError(name, known.config.path);
    }
    if (known.config && ownerOfPort(known.config, name) !== name) {
      throw new ServiceNameTakenError(name, known.config.path);
    }
    const port = transient.port === undefined ? undefined : preferenceOf(parsePortOrAuto(String(transient.port)));
    const root = transient.root ?? null;
    await resolveServiceRoot(projectDir, root ?? undefined);
    const definition = transientDefinition(projectDir, name, { shell: transient.shell, root });
    return [port === undefined ? definition : { ...definition, port }];
  }
  if (names.length === 0) {
    const services = known.config?.services ?? [];
    const automatic = services.filter(({ autostart }) => autostart).map(({ name }) => name);
    if (automatic.length === 0) {
      const names = services.map(({ name }) => name);
      throw new NoServicesError(projectDir, known.config?.path, names);
    }
    return automatic.map((name) => getDefinition(known, name));
  }
  // The setup runs before the services, and not as one of them.
  const services = resolveNames(known, names).filter((name) => name !== setup?.name);
  return services.map((name) => getDefinition(known, name));
}

/** The database remembers services that were removed from the configuration. They can be listed and killed, but not started. */
export function getDefinition(known: KnownServices, name: string): ServiceDefinition {
  const definition = findDefinition(known, name);
  if (definition) return definition;
  const { projectDir, config } = known;
  const configured = config?.services.map((service) => service.name) ?? [];
  throw new ServiceNotConfiguredError(name, config?.path ?? join(projectDir, configFileName), configured);
}
