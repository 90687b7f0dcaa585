import { randomBytes } from 'node:crypto';
import {
  applyEvent,
  fingerprint,
  newRunState,
  noteInRunRecord,
  type ResolvedDefinition,
  type Run,
  type RunRecord,
  readEnvFiles,
  resolveServiceRoot,
  resolveTemplates,
  runDir,
  type ServiceDefinition,
} from '@candle/core';
import { dropLastLaunch, recordRunEnd } from '../observe/record-run-end.ts';
import { PortInUseError } from '../ports/errors.ts';
import { whoHas } from '../ports/who-has.ts';
import { endRun } from '../stop/end-run.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import type { Supervision } from '../supervision.ts';
import { abandonRun } from './abandon-run.ts';
import { createRunDir } from './create-run-dir.ts';
import { RunNotSpawnedError } from './errors.ts';
import { forgetOldRuns } from './forget-old-runs.ts';
import { givenVariables, portsByService } from './given-variables.ts';
import type { Launch } from './launch.ts';
import { readContext } from './process-context.ts';
import { environmentRecord, serviceEnvironment } from './service-environment.ts';
import { spawnShim } from './spawn-shim.ts';

export interface LaunchOptions {
  readonly generation: number;
  /** Names of all configured services. */
  readonly configuredNames: readonly string[];
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
  { generation, configuredNames, onWaiting }: LaunchOptions,
): Promise<Run> {
  const { store, callerEnv, stateDir } = supervision;
  const { projectDir, name } = definition;
  const root = await resolveServiceRoot(projectDir, definition.root);
  const files = await readEnvFiles(projectDir, definition);
  resolveTemplates(definition, { ports: portsByService(await store.reservations.list(projectDir)) });
  const active = await store.runs.findActive(projectDir, name);
  if (active) await endRun(supervision, active, { cause: 'replaced', onWaiting });
  else await dropLastLaunch(supervision, definition);

  // Read again, because stopping the previous run may have taken long. Everything about ports comes from this one read.
  const reservations = await store.reservations.list(projectDir);
  const ports = portsByService(reservations);
  const resolved = resolveTemplates(definition, { ports });
  const port = ports.get(name);
  if (port !== undefined) await refusePortInUse(supervision, definition, port);
  const run = newRun(supervision, definition, { generation, shell: resolved.shell, root, port: port ?? null });
  const given = givenVariables(resolved, { reservations, configuredNames, files });
  const about = { serviceName: name, projectDir, runId: run.id, port, stateDir };
  const env = environmentRecord(serviceEnvironment(callerEnv, given, about));
  await store.services.setLogLimits({ projectDir, name }, definition.logs);
  const running = await spawnRun(supervision, run, launchOf(run, resolved, env), transientOf(definition));
  await forgetOldRuns(supervision, { projectDir, name });
  return running;
}

/**
 * Commits the row of a run and then spawns it. The caller must hold the service lock. Returns the updated run.
 * @throws RunNotSpawnedError
 */
export async function spawnRun(
  supervision: Supervision,
  run: Run,
  launch: Launch,
  transient: RunRecord['transient'],
): Promise<Run> {
  const { store, processes, stateDir } = supervision;
  await store.runs.insert(run);
  const pid = await spawnShimOf(supervision, launch, { run, transient });
  const shim = processes.identify(pid) ?? { pid, startToken: '' };
  const event = { kind: 'spawned', shim } as const;
  const running = applyEvent(run, event);
  try {
    await store.runs.apply(run.id, event);
    await noteInRunRecord(runDir(stateDir, run.id), running);
  } catch (error) {
    await abandonRun(supervision, running);
    throw error;
  }
  return running;
}

/**
 * Returns the pid of the shim. Later failures must not record an end of the run, because its program is running by
 * then.
 */
async function spawnShimOf(supervision: Supervision, launch: Launch, record: RunRecord): Promise<number> {
  const { stateDir } = supervision;
  const { run } = record;
  const dir = runDir(stateDir, run.id);
  try {
    await createRunDir(stateDir, dir, { launch, record });
    return await spawnShim(dir, launch);
  } catch (error) {
    const remains = { hasBegun: false, exitCode: null, exitSignal: null, endedAtMs: null };
    await recordRunEnd(supervision, { run, ...remains }, 'unrequested');
    throw new RunNotSpawnedError({ name: run.serviceName, projectDir: run.projectDir }, error);
  }
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
