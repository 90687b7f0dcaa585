import {
  type ProjectContext,
  readKnownServices,
  readProjectContext,
  resolveNames,
  type ServiceKey,
} from '@candle/core';
import { inOrder } from '../dependencies/in-order.ts';
import { readDependents } from '../dependencies/read-dependents.ts';
import { dropLastLaunch } from '../observe/record-run-end.ts';
import { findServicesOnPort } from '../ports/find-services-on-port.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import { endRun } from '../stop/end-run.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import { stopFinished } from '../stop/stop-finished.ts';
import type { StoppedRun } from '../stop/stop-run.ts';
import type { Supervision } from '../supervision.ts';
import { type Outcomes, reconcileAll } from './outcomes.ts';

export interface KillInput {
  /** Left out: the services of every project of this state directory. */
  readonly projectDir?: string | undefined;
  /** None: all of the project. */
  readonly names: readonly string[];
  /** Instead of names: the services of the project that listen on this port. Needs `projectDir`. */
  readonly port?: number | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  /** Told what is about to be stopped, before anything is. */
  readonly onChosen?: ((services: readonly ChosenService[]) => void) | undefined;
}

/** A service that runs, or is about to be started again by its policy. */
export interface ChosenService extends ServiceKey, ProjectContext {
  readonly port: number | null;
}

export interface KilledService extends ServiceKey {
  /** Undefined: it was not running. */
  readonly stopped: StoppedRun | undefined;
  /** It was about to be started again by its policy, and now is not. */
  readonly isCalledOff: boolean;
}

/**
 * Stops services, tree and all, each after those of them that depend on it; their ports are free again when it returns. A
 * start that is under way loses.
 * @throws UnknownServiceError; PortHeldByOthersError when a port was given that no service of the project listens on, but
 * somebody does
 */
export async function kill(supervision: Supervision, input: KillInput): Promise<Outcomes<KilledService>> {
  const keys = await servicesToKill(supervision, input);
  if (input.onChosen) input.onChosen(await describeChosen(supervision, keys));
  const dependents = await readDependents(supervision, keys);
  // What could not be stopped keeps nothing else from being stopped.
  const killed = inOrder(
    (key: ServiceKey) => dependents.get(key) ?? [],
    (key) => killService(supervision, key, input.onWaiting),
  );
  return reconcileAll(keys, killed);
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
    const isRestartPending = (await store.services.find({ projectDir, name }))?.pendingRestart.nextRestartAtMs != null;
    if (run === undefined && !isRestartPending) return [];
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
  if (!before || !service) return { ...key, stopped: undefined, isCalledOff: false };
  const isBeingStarted =
    service.lock !== null || (service.request.verb === 'start' && processes.isAlive(service.request.owner));
  const isRestartPending = service.pendingRestart.nextRestartAtMs !== null;
  // Its run ended, or it was started again, while the three were read one after another.
  const isChanging = JSON.stringify(service) !== JSON.stringify(before);
  if (!active && !isBeingStarted && !isRestartPending && !isChanging) {
    if (service.request.verb === 'kill') return { ...key, stopped: undefined, isCalledOff: false };
    const stopped = await stopFinished(supervision, key, { generation: service.request.generation, onWaiting });
    return { ...key, stopped, isCalledOff: false };
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
      // A start that was asked for later has come first. It loses too, and is to hear why its run has ended.
      if ((await store.services.find(key))?.request.verb === 'start') generation = await request();
      return endRun(supervision, run, { reason: 'stopped', onWaiting });
    },
  );
  if (isRestartPending && stopped === undefined) return { ...key, stopped, isCalledOff: true };
  // It had ended by itself, and nobody had noticed.
  const stoppedLate = stopped ?? (await stopFinished(supervision, key, { generation, onWaiting }));
  return { ...key, stopped: stoppedLate, isCalledOff: false };
}
