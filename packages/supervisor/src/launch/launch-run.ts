import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { identifyServiceRoot, resolveServiceRoot } from '@candle/core/config';
import type { Reservation } from '@candle/core/reservations';
import { newRunState, type Run, type RunRecord } from '@candle/core/runs';
import {
  checkResolvedExpression,
  fingerprint,
  hashSettings,
  type KnownServices,
  type PortNaming,
  type ResolvedDefinition,
  readEnvFiles,
  readNaming,
  resolveTemplates,
  type ServiceDefinition,
  type ServiceKey,
} from '@candle/core/services';
import { dropLastLaunch } from '../observe/record-run.ts';
import { PortInUseError } from '../ports/errors.ts';
import { whoHas } from '../ports/who-has.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import { awaitPortFree, endRun } from '../stop/stop-run.ts';
import type { Supervision } from '../supervision.ts';
import { listAskingRuns } from './caller.ts';
import { forgetOldRuns } from './forget-old-runs.ts';
import { type Launch, readContext } from './launch.ts';
import {
  environmentRecord,
  findInterpreter,
  furtherPortsOf,
  givenVariables,
  ownPortOf,
  portsByName,
  serviceEnvironment,
} from './service-environment.ts';
import { type PreparedRun, prepareRun, spawnRun } from './spawn-run.ts';

/** A definition with the values of its templates, and the reservations that they come from. */
export interface ResolvedService {
  readonly definition: ResolvedDefinition;
  /** All reservations of the project. */
  readonly reservations: readonly Reservation[];
  readonly naming: PortNaming;
}

/** @throws TemplateWithoutPortError, InvalidTemplateError */
export async function resolveService(
  definition: ServiceDefinition,
  reservations: readonly Reservation[],
  naming: PortNaming,
): Promise<ResolvedService> {
  const ports = portsByName(reservations);
  const resolved = resolveTemplates(definition, { ports, config: naming });
  await checkResolvedExpression(definition, resolved);
  return { definition: resolved, reservations, naming };
}

export interface LaunchOptions {
  readonly generation: number;
  /** The configuration of the project. */
  readonly config: KnownServices['config'];
  /**
   * The service as the caller has just resolved it. Undefined if the start has waited since then, because another command
   * may have moved a port meanwhile.
   */
  readonly resolved?: ResolvedService | undefined;
  readonly onWaiting?: OnWaiting | undefined;
}

/**
 * Starts a service and replaces its active run, if any. The caller must hold the service lock. The row is committed
 * before anything is spawned, so a crash at any step cannot lead to a second start.
 * @throws ServiceRootMissingError, ServiceRootOutsideProjectError, EnvFileUnreadableError, TemplateWithoutPortError,
 * InvalidTemplateError, DirectoryReplacedError before anything is changed; PortInUseError, RunNotSpawnedError,
 * StartNotRecordedError
 */
export async function launchRun(
  supervision: Supervision,
  definition: ServiceDefinition,
  { generation, config, resolved: given, onWaiting }: LaunchOptions,
): Promise<Run> {
  const { store } = supervision;
  const { projectDir, name } = definition;
  const { resolve, prepare } = await planLaunch(supervision, definition, { generation, config });
  const before = given ?? (await resolve());
  let prepared = await prepare(before);
  try {
    // A write that fails now leaves the previous run as it is.
    await store.services.setLogLimits({ projectDir, name }, definition.logs);
    const hasEnded = await endPrevious(supervision, definition, onWaiting);
    // Stopping the previous run may have taken long, and another command may have moved a port meanwhile.
    const current = hasEnded ? await resolve() : before;
    if (!isDeepStrictEqual(current, before)) {
      const renewed = await prepare(current);
      await prepared.close();
      prepared = renewed;
    }
    const { run, launch } = prepared;
    if (run.port !== null) await refusePortInUse(supervision, definition, { port: run.port });
    for (const further of launch.furtherPorts ?? []) {
      if (hasEnded)
        await awaitPortFree(further.port, { processTable: supervision.processes, clock: supervision.waiting });
      await refusePortInUse(supervision, definition, further);
    }
    const running = await spawnRun(supervision, prepared);
    await forgetOldRuns(supervision, { projectDir, name });
    return running;
  } finally {
    await prepared.close();
  }
}

/** Stops the active run of the service, if any. Returns whether there was one. */
async function endPrevious(
  supervision: Supervision,
  { projectDir, name }: ServiceKey,
  onWaiting: OnWaiting | undefined,
): Promise<boolean> {
  const active = await supervision.store.runs.findActive(projectDir, name);
  if (active) await endRun(supervision, active, { cause: 'replaced', onWaiting });
  else await dropLastLaunch(supervision, { projectDir, name });
  return active !== undefined;
}

/**
 * Fails if these services could not be started together now, for lack of space or of open files, and changes nothing.
 * @throws the errors of launchRun before anything is changed; RunNotSpawnedError
 */
export async function requireLaunchable(
  supervision: Supervision,
  definitions: readonly ServiceDefinition[],
  config: LaunchOptions['config'],
): Promise<void> {
  const prepared: PreparedRun[] = [];
  try {
    for (const definition of definitions) {
      const { resolve, prepare } = await planLaunch(supervision, definition, { generation: 0, config });
      prepared.push(await prepare(await resolve()));
    }
  } finally {
    for (const { close } of prepared) await close();
  }
}

interface LaunchPlan {
  readonly resolve: () => Promise<ResolvedService>;
  readonly prepare: (service: ResolvedService) => Promise<PreparedRun>;
}

async function planLaunch(
  supervision: Supervision,
  definition: ServiceDefinition,
  { generation, config }: Pick<LaunchOptions, 'generation' | 'config'>,
): Promise<LaunchPlan> {
  const { store, callerEnv, stateDir } = supervision;
  const { projectDir, name } = definition;
  const root = await resolveServiceRoot(projectDir, definition.root);
  const rootIdentity = identifyServiceRoot(definition, root);
  const files = await readEnvFiles(projectDir, definition);
  return {
    resolve: async () => {
      const reservations = await store.reservations.list(projectDir);
      const naming = await readNaming(supervision, { projectDir, config }, reservations);
      return resolveService(definition, reservations, naming);
    },
    prepare: async ({ definition: resolved, reservations, naming }) => {
      const reserved = portsByName(reservations);
      const port = ownPortOf(definition, reserved);
      const run = newRun(supervision, definition, { generation, shell: resolved.shell, root, port: port ?? null });
      const variables = givenVariables(resolved, { reservations, config: naming, files });
      const about = { serviceName: name, projectDir, runId: run.id, port, stateDir };
      const environment = serviceEnvironment(callerEnv, variables, about).variables;
      const launch = launchOf(run, resolved, {
        env: environmentRecord(environment),
        portVariables: environment.flatMap(({ name, source }) => (source.kind === 'reservation' ? [name] : [])),
        rootIdentity,
        furtherPorts: furtherPortsOf(definition, reserved),
        ready: await readyCheckOf(run, resolved),
        settings: hashSettings(resolved, files),
        askedBy: await listAskingRuns(supervision),
        interpreter: findInterpreter({ files, env: resolved.env }, callerEnv.PATH),
      });
      return prepareRun(supervision, { run, transient: transientOf(definition) }, launch);
    },
  };
}

async function refusePortInUse(
  supervision: Supervision,
  { name, projectDir }: ServiceDefinition,
  { port, variable }: { port: number; variable?: string },
): Promise<void> {
  if (supervision.processes.listening().on(port).length === 0) return;
  throw new PortInUseError({ name, projectDir, variable }, await whoHas(supervision, { port, projectDir }));
}

/** The id starts with the start time in milliseconds, in base 36. */
export function newRunId(startedAtMs: number): string {
  return `${startedAtMs.toString(36)}-${randomBytes(6).toString('hex')}`;
}

function newRun(
  { clock, processes, owner }: Supervision,
  definition: ServiceDefinition,
  { generation, shell, root, port }: { generation: number; shell: string; root: string; port: number | null },
): Run {
  const startedAtMs = clock.nowMs();
  return {
    id: newRunId(startedAtMs),
    projectDir: definition.projectDir,
    serviceName: definition.name,
    generation,
    ...newRunState,
    shell,
    root,
    port,
    fingerprint: fingerprint(definition),
    bootId: processes.bootId(),
    startedAtMs,
    startedMonotonicMs: clock.monotonicMs(),
    attempt: 0,
    confirmedAtMs: null,
    logStart: null,
    owner: owner ?? null,
  };
}

function transientOf({ isTransient, shell, root }: ServiceDefinition): RunRecord['transient'] {
  return isTransient ? { shell, root: root ?? null } : null;
}

function launchOf(
  run: Run,
  definition: ResolvedDefinition,
  {
    env,
    rootIdentity,
    furtherPorts,
    ready,
    settings,
    portVariables,
    askedBy,
    interpreter,
  }: Required<
    Pick<
      Launch,
      'env' | 'rootIdentity' | 'furtherPorts' | 'ready' | 'settings' | 'portVariables' | 'askedBy' | 'interpreter'
    >
  >,
): Launch {
  const { projectDir, serviceName, shell, root, port } = run;
  const { stopSignal, stopTimeoutMs, stopTarget, stopCommand, restart, enableStdin, hasEmptyStdin } = definition;
  const { output, tty, logs } = definition;
  return {
    projectDir,
    serviceName,
    shell,
    interpreter,
    root,
    rootIdentity,
    port,
    furtherPorts,
    env,
    stopSignal,
    stopTimeoutMs,
    stopTarget,
    ...(stopCommand === undefined ? {} : { stopCommand }),
    restart,
    ready,
    enableStdin,
    ...(hasEmptyStdin ? { hasEmptyStdin } : {}),
    output,
    ...(tty ? { tty } : {}),
    logs,
    context: readContext(),
    askedBy,
    settings,
    portVariables,
  };
}

/** By default, a start does not wait for a service to listen that never gets a port, or whose program never listens. */
async function readyCheckOf(run: Run, { port, ready }: ResolvedDefinition): Promise<Launch['ready']> {
  if (ready.kind !== 'reserved-port' || run.port !== null) return ready;
  // Loaded on demand, because most services have a port.
  const { runsWorker } = await import('./package-script.ts');
  return port === null || runsWorker(run) ? { ...ready, kind: 'none' } : ready;
}
