import { type ProjectContext, readProjectContext } from '@candle/core/projects';
import { isRestartPending, readKnownServices, resolveNames, type ServiceKey } from '@candle/core/services';
import { collectOutcomes, type Outcomes } from '../dependencies/outcomes.ts';
import { inOrder, readDependents } from '../dependencies/stop-for-restart.ts';
import { dropLastLaunch } from '../observe/record-run.ts';
import { PortNotOwnedError } from '../ports/errors.ts';
import { whoHas } from '../ports/who-has.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import { stopFinished } from '../stop/stop-finished.ts';
import { endRun, type StoppedRun } from '../stop/stop-run.ts';
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
}

/**
 * Stops services and all their child processes, dependents first. Their ports are free again when it returns. A start in
 * progress is cancelled.
 * @throws UnknownServiceError; PortNotOwnedError if `port` is in use, but not by a service of the project
 */
export async function kill(supervision: Supervision, input: KillInput): Promise<Outcomes<KilledService>> {
  const keys = await servicesToKill(supervision, input);
  if (input.onChosen) input.onChosen(await describeChosen(supervision, keys));
  const dependents = await readDependents(supervision, keys);
  // A service that cannot be stopped does not prevent the others from being stopped.
  const killed = inOrder(
    (key: ServiceKey) => dependents.get(key) ?? [],
    (key) => killService(supervision, key, input.onWaiting),
  );
  return collectOutcomes(keys, killed);
}

async function servicesToKill(
  supervision: Supervision,
  { projectDir, names, port }: KillInput,
): Promise<readonly ServiceKey[]> {
  if (projectDir !== undefined && port !== undefined) return findServicesOnPort(supervision, { projectDir, port });
  if (projectDir === undefined || names.length === 0) return supervision.store.services.list(projectDir);
  const known = await readKnownServices(supervision, projectDir);
  return resolveNames(known, names).map((name) => ({ projectDir, name }));
}

async function describeChosen({ store }: Supervision, keys: readonly ServiceKey[]): Promise<readonly ChosenService[]> {
  const active = await store.runs.listActive();
  const described = keys.map(async ({ projectDir, name }): Promise<readonly ChosenService[]> => {
    const run = active.find((candidate) => candidate.projectDir === projectDir && candidate.serviceName === name);
    const service = await store.services.find({ projectDir, name });
    if (run === undefined && !isRestartPending(service?.pendingRestart)) return [];
    const port = run === undefined ? (await store.reservations.find(projectDir, name))?.port : run.port;
    return [{ name, port: port ?? null, ...readProjectContext(projectDir) }];
  });
  return (await Promise.all(described)).flat();
}

async function killService(
  supervision: Supervision,
  { projectDir, name }: ServiceKey,
  onWaiting: OnWaiting | undefined,
): Promise<KilledService> {
  const { store, processes, self } = supervision;
  const key = { projectDir, name };
  const before = await store.services.find(key);
  const active = await store.runs.findActive(projectDir, name);
  const service = await store.services.find(key);
  if (!before || !service) return { ...key, stopped: undefined, isRestartCancelled: false };
  const isBeingStarted =
    service.lock !== null || (service.request.verb === 'start' && processes.isAlive(service.request.owner));
  const hadPendingRestart = isRestartPending(service.pendingRestart);
  // The run ended or was restarted between the three reads above.
  const isChanging = JSON.stringify(service) !== JSON.stringify(before);
  if (!active && !isBeingStarted && !hadPendingRestart && !isChanging) {
    if (service.request.verb === 'kill') return { ...key, stopped: undefined, isRestartCancelled: false };
    const stopped = await stopFinished(supervision, key, { generation: service.request.generation, onWaiting });
    return { ...key, stopped, isRestartCancelled: false };
  }

  const request = () => store.services.request({ ...key, verb: 'kill', owner: self });
  let generation = await request();
  const stopped = await withServiceLock(
    supervision,
    key,
    () => false,
    async () => {
      const run = await store.runs.findActive(projectDir, name);
      if (!run) return dropLastLaunch(supervision, key).then(() => undefined);
      // A start that was requested later got the lock first. It is cancelled too: the new request makes it report the kill.
      if ((await store.services.find(key))?.request.verb === 'start') generation = await request();
      return endRun(supervision, run, { cause: 'stopped', onWaiting });
    },
  );
  if (hadPendingRestart && stopped === undefined) return { ...key, stopped, isRestartCancelled: true };
  // The run had exited on its own, and its end had not been recorded yet.
  const stoppedLate = stopped ?? (await stopFinished(supervision, key, { generation, onWaiting }));
  return { ...key, stopped: stoppedLate, isRestartCancelled: false };
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
