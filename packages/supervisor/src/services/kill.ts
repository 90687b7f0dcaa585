import { setupName } from '@candle/core/config';
import { type ProjectContext, readProjectContext } from '@candle/core/projects';
import { hasInputs, type Run } from '@candle/core/runs';
import { isRestartPending, readKnownServices, resolveNames, type ServiceKey } from '@candle/core/services';
import type { RequestedKill, StoreOrMemory, UnwritableError } from '@candle/core/store';
import { callSupervisor } from '../client/protocol.ts';
import { collectOutcomes, type Outcomes } from '../dependencies/outcomes.ts';
import { inOrder, readDependents } from '../dependencies/stop-for-restart.ts';
import { findOrphanedRuns } from '../observe/find-orphans.ts';
import { dropLastLaunch, noteStopOf } from '../observe/record-run.ts';
import { PortNotOwnedError } from '../ports/errors.ts';
import { whoHas } from '../ports/who-has.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import { awaitLastingHelpers } from '../stop/lasting-helpers.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import { stopFinished } from '../stop/stop-finished.ts';
import { endRun, type StoppedRun, stopOrphan } from '../stop/stop-run.ts';
import type { Supervision } from '../supervision.ts';

export interface KillInput {
  /** If omitted, the services of all projects in this state directory. */
  readonly projectDir?: string | undefined;
  /** If empty, all services of the project. */
  readonly names: readonly string[];
  /** Instead of names: the services of the project that listen on this port. Requires `projectDir`. */
  readonly port?: number | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  /** Called with the services to stop, before any of them is stopped. */
  readonly onChosen?: ((services: readonly ChosenService[]) => void) | undefined;
}

/** A service that is running or that its policy is about to restart. */
export interface ChosenService extends ServiceKey, ProjectContext {
  readonly port: number | null;
}

export interface KilledService extends ServiceKey {
  /** Undefined if it was not running. */
  readonly stopped: StoppedRun | undefined;
  /** Its policy was about to restart it; that restart is cancelled. */
  readonly isRestartCancelled: boolean;
  /** It is a job that was done, and that was not running. It does not count as done any more. */
  readonly isJobReset: boolean;
  /** Why the database does not say so yet: the supervisor or a later command records it. Undefined if it is recorded. */
  readonly unrecorded: UnwritableError | undefined;
}

/**
 * Stops services and all their child processes, dependents first. Their ports are free again when it returns. A start in
 * progress is cancelled. If nothing can be written, it stops them all the same: see `unrecorded`.
 * @throws UnknownServiceError; PortNotOwnedError if `port` is in use, but not by a service of the project
 */
export async function kill(supervision: Supervision, input: KillInput): Promise<Outcomes<KilledService>> {
  const store = await supervision.store.orInMemory();
  try {
    const stopping: Stopping = {
      ...supervision,
      store,
      // The process that records the stop raises the event.
      announce: (event) => (store.refusal() === undefined ? supervision.announce(event) : undefined),
    };
    return await killServices(stopping, input);
  } finally {
    store.close();
  }
}

interface Stopping extends Supervision {
  readonly store: StoreOrMemory;
}

async function killServices(supervision: Stopping, input: KillInput): Promise<Outcomes<KilledService>> {
  const orphans = (await findOrphanedRuns(supervision)).map(({ run }) => run);
  const keys = await servicesToKill(supervision, input, orphans);
  if (input.onChosen) input.onChosen(await describeChosen(supervision, keys, orphans));
  const dependents = await readDependents(supervision, keys);
  const { store, self, processes } = supervision;
  const kills = await store.services.requestKills(keys, self, (owner) => processes.isAlive(owner));
  const requested = new Map(keys.map((key, index) => [key, kills[index]]));
  // A service that cannot be stopped does not prevent the others from being stopped.
  const killed = inOrder(
    (key: ServiceKey) => dependents.get(key) ?? [],
    async (key) => {
      const orphan = await stopOrphans(supervision, orphans.filter(isOf(key)), input.onWaiting);
      const { onWaiting } = input;
      const killed = await killService(supervision, key, { requested: requested.get(key), onWaiting });
      return { ...killed, stopped: killed.stopped ?? orphan };
    },
  );
  const { done, failed } = await collectOutcomes(keys, killed);
  return { done: await Promise.all(done.map((service) => withLastingHelpers(supervision, service))), failed };
}

async function withLastingHelpers(supervision: Supervision, { stopped, ...killed }: KilledService) {
  if (stopped === undefined) return { ...killed, stopped };
  const detachedHelpers = await awaitLastingHelpers(supervision, stopped.detachedHelpers);
  return { ...killed, stopped: { ...stopped, detachedHelpers } };
}

async function servicesToKill(
  supervision: Supervision,
  { projectDir, names, port }: KillInput,
  orphans: readonly Run[],
): Promise<readonly ServiceKey[]> {
  if (projectDir !== undefined && port !== undefined) return findServicesOnPort(supervision, { projectDir, port });
  if (projectDir === undefined || names.length === 0) {
    const listed = await supervision.store.services.list(projectDir);
    const unlisted = orphans.filter((run) => projectDir === undefined || run.projectDir === projectDir);
    const ofOrphans = unlisted.map((run) => ({ projectDir: run.projectDir, name: run.serviceName }));
    return distinct([...listed, ...ofOrphans]);
  }
  const known = await readKnownServices(supervision, projectDir);
  return resolveNames(known, names).map((name) => ({ projectDir, name }));
}

function distinct(keys: readonly ServiceKey[]): readonly ServiceKey[] {
  const known = new Map<string, ServiceKey>();
  for (const { projectDir, name } of keys) known.set(JSON.stringify([projectDir, name]), { projectDir, name });
  return [...known.values()];
}

function isOf({ projectDir, name }: ServiceKey): (run: Run) => boolean {
  return (run) => run.projectDir === projectDir && run.serviceName === name;
}

/** Stops instances that the database does not know of, because it was replaced around their start. Returns the last one. */
async function stopOrphans(
  supervision: Supervision,
  orphans: readonly Run[],
  onWaiting: OnWaiting | undefined,
): Promise<StoppedRun | undefined> {
  let last: StoppedRun | undefined;
  for (const run of orphans) last = await stopOrphan(supervision, run, { cause: 'stopped', onWaiting });
  return last;
}

async function describeChosen(
  { store }: Supervision,
  keys: readonly ServiceKey[],
  orphans: readonly Run[],
): Promise<readonly ChosenService[]> {
  const running = [...(await store.runs.listActive()), ...orphans];
  const described = keys.map(async ({ projectDir, name }): Promise<readonly ChosenService[]> => {
    const run = running.find(isOf({ projectDir, name }));
    const service = await store.services.find({ projectDir, name });
    if (run === undefined && !isRestartPending(service?.pendingRestart)) return [];
    const port = run === undefined ? (await store.reservations.find(projectDir, name))?.port : run.port;
    return [{ name, port: port ?? null, ...readProjectContext(projectDir) }];
  });
  return (await Promise.all(described)).flat();
}

async function killService(
  supervision: Stopping,
  { projectDir, name }: ServiceKey,
  { requested, onWaiting }: { requested: RequestedKill | undefined; onWaiting: OnWaiting | undefined },
): Promise<KilledService> {
  const { store, processes, self } = supervision;
  const key = { projectDir, name };
  const unchanged = { ...key, stopped: undefined, isRestartCancelled: false, isJobReset: false, unrecorded: undefined };
  if (!requested) return unchanged;
  const { service } = requested;
  if (requested.generation === undefined) {
    if (service.request.verb === 'kill') return unchanged;
    const stopped = await stopFinished(supervision, key, { generation: service.request.generation, onWaiting });
    return { ...unchanged, stopped, unrecorded: stopped && store.refusal() };
  }
  const hadPendingRestart = isRestartPending(service.pendingRestart);

  let isRecordedBySupervisor = false;
  let isPassedOn = false;
  const passOn = async (newest: number) => {
    if (isPassedOn || store.refusal() === undefined) return;
    isPassedOn = true;
    isRecordedBySupervisor = await passOnStop(supervision, key, newest);
  };
  // A request that is refused exists only in memory.
  const passOnRequest = (requested: number) => passOn(store.refusal() === undefined ? requested : requested - 1);
  const requestAgain = async () => {
    generation = await store.services.request({ ...key, verb: 'kill', owner: self });
    await passOnRequest(generation);
  };
  let { generation } = requested;
  await passOnRequest(generation);
  const stopped = await withServiceLock(
    supervision,
    key,
    () => false,
    async () => {
      const run = await store.runs.findActive(projectDir, name);
      if (!run) return dropLastLaunch(supervision, key).then(() => undefined);
      // A start that was requested later got the lock first. It is cancelled too: the new request makes it report the kill.
      if ((await store.services.find(key))?.request.verb === 'start') await requestAgain();
      const ended = await endRun(supervision, run, { cause: 'stopped', onWaiting });
      // A process of the run has requested a start, and was then stopped with it. Others would act on that request.
      const newest = (await store.services.find(key))?.request;
      if (newest?.verb === 'start' && !processes.isAlive(newest.owner)) await requestAgain();
      // Before the supervisor gets the lock: there may have been space for the request and none for the end of the run.
      await passOn(generation);
      return ended;
    },
  );
  // The run had exited on its own, and its end had not been recorded yet.
  const stoppedLate =
    stopped ?? (hadPendingRestart ? undefined : await stopFinished(supervision, key, { generation, onWaiting }));
  return {
    ...key,
    stopped: stoppedLate,
    isRestartCancelled: hadPendingRestart && stopped === undefined,
    isJobReset: stoppedLate === undefined && (await hasDoneJob(supervision, key)),
    unrecorded: isRecordedBySupervisor ? undefined : store.refusal(),
  };
}

/** Whether the last run of a service is that of a job that has succeeded. A stop does not make a setup run again. */
async function hasDoneJob({ store }: Stopping, { projectDir, name }: ServiceKey): Promise<boolean> {
  const last = (await store.runs.listOfService(projectDir, name)).at(-1);
  if (last === undefined || name === setupName) return false;
  return hasInputs(last.fingerprint) && last.exitCode === 0 && last.endReason === 'exited';
}

/** A supervisor answers within milliseconds, but on an overloaded machine it may take several seconds. */
const answerTimeoutMs = 5_000;

/**
 * Passes on a stop that this process cannot record: to the supervisor, and to later commands through a note. Returns
 * whether the supervisor could record it.
 */
async function passOnStop(
  supervision: Stopping,
  { projectDir, name }: ServiceKey,
  generation: number,
): Promise<boolean> {
  const stop = { projectDir, name, generation };
  await noteStopOf(supervision, stop);
  const answer = await callSupervisor(supervision.stateDir, (remote) => remote.stopRequested([stop]), {
    timeoutMs: answerTimeoutMs,
  });
  return answer.kind === 'answered' && answer.value;
}

/**
 * Finds the services of a project that listen on a port. Empty if the port is free.
 * @throws PortNotOwnedError if only other processes use the port
 */
async function findServicesOnPort(
  supervision: Supervision,
  { projectDir, port }: { projectDir: string; port: number },
): Promise<readonly ServiceKey[]> {
  const report = await whoHas(supervision, { port, projectDir });
  const own = report.owners.flatMap(({ service }) => (service?.projectDir === projectDir ? [service.name] : []));
  if (own.length > 0) return [...new Set(own)].map((name) => ({ projectDir, name }));
  if (report.owners.length + report.containers.length === 0) return [];
  throw new PortNotOwnedError(projectDir, report);
}
