import { resolve } from 'node:path';
import { type ConfigProblem, setupName } from '@candle/core/config';
import { type CandleError, isCandleError } from '@candle/core/errors';
import { isPipedInstead } from '@candle/core/logs';
import type { Reservation } from '@candle/core/reservations';
import { findNotedStop, type Run, runDir, type ServiceStatus, serviceStatus } from '@candle/core/runs';
import {
  browserUrlsOf,
  findDefinition,
  findUrl,
  fingerprint,
  hasSameSettings,
  isRestartPending,
  type KnownServices,
  msUntilRestart,
  noPendingRestart,
  type PendingRestart,
  readKnownServices,
  readNaming,
  resolveNames,
  type ServiceDefinition,
  type ServiceRecord,
} from '@candle/core/services';
import { findSupervisor } from '../client/protocol.ts';
import { inspectJob, type JobState, stoppedReason } from '../jobs/run-job.ts';
import type { EndExplanation } from '../launch/errors.ts';
import { type MachineSnapshot, takeMachineSnapshot } from '../members/find-members.ts';
import { findPid, type ObservedRun, observeRun } from '../observe/observe-run.ts';
import { momentOf } from '../policy/next-restart.ts';
import { type CheckedPort, checkIdlePort, checkPort, findRunUrl } from '../port-check/check-port.ts';
import { isReadyNow } from '../readiness/await-ready.ts';
import { findLostReadiness, type LostReadiness } from '../readiness/lost-readiness.ts';
import type { Supervision } from '../supervision.ts';
import { findConfigProblems } from './variable-problems.ts';

export interface ListInput {
  /** If omitted, all projects in this state directory. */
  readonly projectDir?: string | undefined;
  /** If empty, all services. */
  readonly names: readonly string[];
}

export interface ListedService {
  readonly name: string;
  readonly projectDir: string;
  readonly status: ServiceStatus;
  readonly isAlive: boolean;
  /** Null if it is not running. */
  readonly isReady: boolean | null;
  /** Null unless it is running, was ready before, and is not ready now. */
  readonly lostReadiness: LostReadiness | null;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  /** What explains its end; undefined unless it ended by itself. */
  readonly explanation: EndExplanation | undefined;
  /** Why a job that has succeeded is not done any more, as a clause; null for anything else. */
  readonly undoneReason: string | null;
  readonly pid: number | null;
  readonly runId: string | null;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly port: number | null;
  /** Whether it listens on its reserved port, or what else does; null without a reserved port, or if nothing listens there. */
  readonly portCheck: CheckedPort | null;
  /** It prints to a pipe, because an earlier run of the service truncated its output. */
  readonly isPipedInstead: boolean;
  /** Where it is reached if it is running; otherwise the URL that it would have. Undefined if it has none. */
  readonly url: string | undefined;
  /** The same with a separate host name; undefined unless `url` contains `localhost`. */
  readonly browserUrl: string | undefined;
  readonly shell: string | null;
  readonly root: string | null;
  readonly isTransient: boolean;
  /** False if it is not in the configuration any more. */
  readonly isConfigured: boolean;
  /** It is running with a definition that differs from the current configuration, or that is not in it any more. */
  readonly configChanged: boolean;
  /** What its restart policy has done and will do next. */
  readonly pendingRestart: PendingRestart;
}

export interface ServiceList {
  readonly services: readonly ListedService[];
  /** Why the configuration of a project could not be read. Its services are then listed from the database. */
  readonly configErrors: readonly CandleError[];
  /** What is probably not as it was meant in a configuration, or in the files of envFile. */
  readonly warnings: readonly ConfigProblem[];
  /** The disk space of copied output cannot be freed here, so a spool grows until its run ends. */
  readonly isUnfreed: boolean;
}

/** Lists services with their current status. Read-only. */
export async function list(supervision: Supervision, { projectDir, names }: ListInput): Promise<ServiceList> {
  const projects = projectDir === undefined ? await projectsWithServices(supervision) : [projectDir];
  const shared = shareSnapshots(supervision);
  const services: ListedService[] = [];
  const configErrors: CandleError[] = [];
  const warnings: ConfigProblem[] = [];
  for (const project of projects) {
    const known = await readKnownServices(supervision, project);
    if (known.configError) configErrors.push(known.configError);
    const chosen = names.length > 0 ? resolveNames(known, names) : known.listed;
    warnings.push(...(await findConfigProblems(supervision, known, chosen)));
    const found = await listProject(supervision, known, chosen, shared);
    services.push(...(names.length > 0 ? found : found.filter((service) => isShown(known, service))));
  }
  const { stateDir, processes } = supervision;
  return { services, configErrors, warnings, isUnfreed: findSupervisor(stateDir, processes)?.isUnfreed ?? false };
}

/** One snapshot of the machine and one of the active runs, shared by all services. Each is taken only if needed. */
interface SharedSnapshots {
  readonly machineSnapshot: MachineSnapshot;
  readonly active: () => Promise<readonly Run[]>;
}

function shareSnapshots({ processes, store }: Supervision): SharedSnapshots {
  let runs: Promise<readonly Run[]> | undefined;
  const active = () => {
    runs ??= store.runs.listActive();
    return runs;
  };
  return { machineSnapshot: takeMachineSnapshot(processes), active };
}

async function projectsWithServices({ store }: Supervision): Promise<readonly string[]> {
  return [...new Set((await store.services.list()).map(({ projectDir }) => projectDir))];
}

async function listProject(
  supervision: Supervision,
  known: KnownServices,
  names: readonly string[],
  { machineSnapshot, active }: SharedSnapshots,
): Promise<readonly ListedService[]> {
  const { store } = supervision;
  const runs = new Map((await store.runs.listLatest(known.projectDir)).map((run) => [run.serviceName, run]));
  const reserved = await store.reservations.list(known.projectDir);
  const reservations = new Map(reserved.map((one) => [one.serviceName, one]));
  const naming = await readNaming(supervision, known, reserved);
  const findBrowserUrl = browserUrlsOf(naming);
  const listed = names.map(async (name) => {
    const run = runs.get(name);
    const reservation = reservations.get(name);
    const observed = run && (await observeRun(supervision, run, { processSnapshot: machineSnapshot.processSnapshot }));
    const now = observed?.isAlive ? { ...observed.run, status: observed.status } : undefined;
    const definition = findDefinition(known, name);
    const idlePort = definition && definition.port !== null ? reservation?.port : undefined;
    const portCheck = now
      ? await checkPort(supervision, now, { machineSnapshot, active })
      : idlePort === undefined
        ? null
        : await checkIdlePort(supervision, idlePort, machineSnapshot);
    const { sockets } = machineSnapshot;
    const isReady = now ? await isReadyNow(supervision, now, { portCheck, sockets }) : null;
    const lostReadiness = (isReady === false && now && findLostReadiness(supervision, now)) || null;
    const isKilled = isKillRequested(supervision, known.records.get(name), observed);
    const pendingRestart = isKilled ? noPendingRestart : pendingRestartOf(supervision, known.records.get(name));
    const job = now ? {} : await inspectJobOf(supervision, definition);
    const isDone = job.done !== undefined && !isKilled;
    const explanation = observed && !isDone && !isKilled ? await explain(supervision, observed) : undefined;
    const addressed = naming.services.find((one) => one.name === name) ?? definition;
    const url = now
      ? findRunUrl(supervision, addressed, now, portCheck)
      : addressed && findUrl(addressed, addressed.port === null ? undefined : reservation?.port);
    return toListed(known, name, {
      pid: now ? await findPid(supervision, now, observed) : null,
      isPipedInstead: now !== undefined && isPipedInstead(runDir(supervision.stateDir, now.id)),
      ...{ url, browserUrl: findBrowserUrl(name, url) },
      undoneReason: job.done && isKilled ? stoppedReason : (job.undoneReason ?? null),
      ...{ explanation, observed, isReady, lostReadiness, portCheck, reservation, pendingRestart, isKilled, isDone },
    });
  });
  return Promise.all(listed);
}

/** Whether a list of all services includes it. Without a configuration, it is not known which services still exist. */
function isShown(known: KnownServices, { name, isAlive, status }: ListedService): boolean {
  return isAlive || findDefinition(known, name) !== undefined || (known.configError !== undefined && status !== 'idle');
}

/** Most services end with code 0, or when they are asked to. */
async function explain(
  supervision: Supervision,
  { run, isAlive, exitCode, exitSignal }: ObservedRun,
): Promise<EndExplanation | undefined> {
  if (isAlive || exitCode === null || exitCode === 0 || run.endReason === 'stopped') return undefined;
  const { reportEnd } = await import('../launch/explain-end.ts');
  return (await reportEnd(supervision, run, { exitCode, exitSignal })).explanation;
}

async function inspectJobOf(supervision: Supervision, definition: ServiceDefinition | undefined): Promise<JobState> {
  if (!definition?.oneshot) return {};
  try {
    return await inspectJob(supervision, definition);
  } catch (error) {
    if (!isCandleError(error)) throw error;
    // The next start fails with this error.
    return { undoneReason: error.message };
  }
}

/** Whether the newest request is a `kill`. It may not be recorded yet. */
function isKillRequested(
  { stateDir }: Supervision,
  record: ServiceRecord | undefined,
  observed: ObservedRun | undefined,
): boolean {
  if (record?.request.verb === 'kill') return true;
  if (!record || !observed || observed.isAlive) return false;
  if (observed.run.endedAtMs !== null && !isRestartPending(record.pendingRestart)) return false;
  const generation = findNotedStop(runDir(stateDir, observed.run.id));
  return generation !== undefined && generation >= record.request.generation;
}

/** The state of its restart policy. The time of the restart is right even if the wall clock has been set since. */
function pendingRestartOf(supervision: Supervision, record: ServiceRecord | undefined): PendingRestart {
  const { pendingRestart = noPendingRestart } = record ?? {};
  if (!isRestartPending(pendingRestart)) return pendingRestart;
  const now = momentOf(supervision);
  return { ...pendingRestart, nextRestartAtMs: now.nowMs + msUntilRestart(pendingRestart, now) };
}

interface ObservedService extends Pick<ListedService, 'url' | 'browserUrl'> {
  readonly isKilled: boolean;
  readonly isDone: boolean;
  readonly undoneReason: string | null;
  readonly pid: number | null;
  readonly isPipedInstead: boolean;
  readonly explanation: EndExplanation | undefined;
  readonly pendingRestart: PendingRestart;
  readonly observed: ObservedRun | undefined;
  readonly isReady: boolean | null;
  readonly lostReadiness: LostReadiness | null;
  readonly portCheck: CheckedPort | null;
  readonly reservation: Reservation | undefined;
}

function toListed(known: KnownServices, name: string, service: ObservedService): ListedService {
  const { observed, isReady, lostReadiness, portCheck, reservation, pendingRestart, isKilled, isDone } = service;
  const definition = findDefinition(known, name);
  const run = observed?.run;
  const isAlive = observed?.isAlive ?? false;
  const isSetup = name === setupName && known.config?.setup !== undefined;
  const isConfigured = definition !== undefined || isSetup || known.configError !== undefined;
  return {
    name,
    projectDir: known.projectDir,
    status: isDone ? 'done' : serviceStatus(observed, isKilled),
    isAlive,
    isReady,
    lostReadiness,
    exitCode: observed?.exitCode ?? null,
    exitSignal: observed?.exitSignal ?? null,
    explanation: service.explanation,
    undoneReason: service.undoneReason,
    pid: service.pid,
    runId: run?.id ?? null,
    startedAtMs: run?.startedAtMs ?? null,
    endedAtMs: observed?.endedAtMs ?? null,
    port: portOf(run, isAlive, definition?.port === null ? undefined : reservation),
    portCheck,
    isPipedInstead: service.isPipedInstead,
    url: service.url,
    browserUrl: service.browserUrl,
    shell: (isAlive ? run?.shell : definition?.shell) ?? run?.shell ?? null,
    root: directoryOf(run, isAlive, definition),
    isTransient: definition?.isTransient ?? known.records.get(name)?.transient != null,
    pendingRestart,
    isConfigured,
    configChanged:
      isAlive &&
      (!isConfigured ||
        (definition !== undefined && run !== undefined && !hasSameSettings(run.fingerprint, fingerprint(definition)))),
  };
}

/** While it is running, the directory in which it was started; otherwise the one in which it would start. */
function directoryOf(run: Run | undefined, isAlive: boolean, definition: ServiceDefinition | undefined): string | null {
  if (definition === undefined || (isAlive && run)) return run?.root ?? null;
  return resolve(definition.projectDir, definition.root ?? '.');
}

/** While it is running, the port that it was started with; otherwise the one that it would get. */
function portOf(run: Run | undefined, isAlive: boolean, reservation: Reservation | undefined): number | null {
  return (isAlive && run ? run.port : reservation?.port) ?? null;
}
