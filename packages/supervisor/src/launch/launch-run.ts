import { randomBytes } from 'node:crypto';
import {
  fingerprint,
  newRunState,
  type Reservation,
  type ResolvedDefinition,
  type Run,
  type RunRecord,
  readEnvFiles,
  resolveServiceRoot,
  resolveTemplates,
  type ServiceDefinition,
} from '@candle/core';
import { dropLastLaunch } from '../observe/record-run-end.ts';
import { PortInUseError } from '../ports/errors.ts';
import { whoHas } from '../ports/who-has.ts';
import { endRun } from '../stop/end-run.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import type { Supervision } from '../supervision.ts';
import { forgetOldRuns } from './forget-old-runs.ts';
import { type Launch, readContext } from './launch.ts';
import { environmentRecord, givenVariables, portsByService, serviceEnvironment } from './service-environment.ts';
import { spawnRun } from './spawn-run.ts';

/** A definition with the values of its templates, and the reservations that they come from. */
export interface ResolvedService {
  readonly definition: ResolvedDefinition;
  /** All reservations of the project. */
  readonly reservations: readonly Reservation[];
}

/** @throws TemplateWithoutPortError, InvalidTemplateError */
export function resolveService(definition: ServiceDefinition, reservations: readonly Reservation[]): ResolvedService {
  const ports = portsByService(reservations);
  return { definition: resolveTemplates(definition, { ports }), reservations };
}

export interface LaunchOptions {
  readonly generation: number;
  /** Names of all configured services. */
  readonly configuredNames: readonly string[];
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
 * InvalidTemplateError before anything is changed; PortInUseError, RunNotSpawnedError
 */
export async function launchRun(
  supervision: Supervision,
  definition: ServiceDefinition,
  { generation, configuredNames, resolved: given, onWaiting }: LaunchOptions,
): Promise<Run> {
  const { store, callerEnv, stateDir } = supervision;
  const { projectDir, name } = definition;
  const root = await resolveServiceRoot(projectDir, definition.root);
  const files = await readEnvFiles(projectDir, definition);
  const resolve = async () => resolveService(definition, await store.reservations.list(projectDir));
  const before = given ?? (await resolve());
  const active = await store.runs.findActive(projectDir, name);
  if (active) await endRun(supervision, active, { cause: 'replaced', onWaiting });
  else await dropLastLaunch(supervision, definition);

  // Stopping the previous run may have taken long, and another command may have moved a port meanwhile.
  const { definition: resolved, reservations } = active ? await resolve() : before;
  const port = portsByService(reservations).get(name);
  if (port !== undefined) await refusePortInUse(supervision, definition, port);
  const run = newRun(supervision, definition, { generation, shell: resolved.shell, root, port: port ?? null });
  const variables = givenVariables(resolved, { reservations, configuredNames, files });
  const about = { serviceName: name, projectDir, runId: run.id, port, stateDir };
  const env = environmentRecord(serviceEnvironment(callerEnv, variables, about));
  await store.services.setLogLimits({ projectDir, name }, definition.logs);
  const running = await spawnRun(supervision, run, launchOf(run, resolved, env), transientOf(definition));
  await forgetOldRuns(supervision, { projectDir, name });
  return running;
}

async function refusePortInUse(supervision: Supervision, definition: ServiceDefinition, port: number): Promise<void> {
  if (supervision.processes.listening().on(port).length === 0) return;
  throw new PortInUseError(definition, await whoHas(supervision, { port, projectDir: definition.projectDir }));
}

/** The id starts with the start time in milliseconds, in base 36. */
export function newRunId(startedAtMs: number): string {
  return `${startedAtMs.toString(36)}-${randomBytes(6).toString('hex')}`;
}

function newRun(
  { clock, processes }: Supervision,
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
    attempt: 0,
    confirmedAtMs: null,
    logStart: null,
  };
}

function transientOf({ isTransient, shell, root }: ServiceDefinition): RunRecord['transient'] {
  return isTransient ? { shell, root: root ?? null } : null;
}

function launchOf(run: Run, definition: ResolvedDefinition, env: Readonly<Record<string, string>>): Launch {
  const { projectDir, serviceName, shell, root, port } = run;
  const { stopSignal, stopTimeoutMs, stopCommand, restart, ready, enableStdin, logs } = definition;
  return {
    projectDir,
    serviceName,
    shell,
    root,
    port,
    env,
    stopSignal,
    stopTimeoutMs,
    ...(stopCommand === undefined ? {} : { stopCommand }),
    restart,
    ready,
    enableStdin,
    logs,
    context: readContext(),
  };
}
