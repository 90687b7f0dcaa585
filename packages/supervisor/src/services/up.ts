import { configReader, isSameConfig, setupName } from '@candle/core/config';
import { type CandleError, isCandleError } from '@candle/core/errors';
import type { Run } from '@candle/core/runs';
import {
  type Addressed,
  findUrl,
  isRestartPending,
  readKnownServices,
  readNaming,
  type ServiceDefinition,
  type ServiceKey,
} from '@candle/core/services';
import { throwFailures } from '../dependencies/outcomes.ts';
import { findLiveRun, startInOrder } from '../dependencies/start-in-order.ts';
import { stopChanged } from '../dependencies/stop-for-restart.ts';
import { refuseSelfStarts } from '../launch/caller.ts';
import type { StartedService } from '../launch/confirm-run.ts';
import { ServiceStartFailedError } from '../launch/errors.ts';
import { ownPortOf, portsByName } from '../launch/service-environment.ts';
import { findPid, observeRun } from '../observe/observe-run.ts';
import { type CheckedPort, checkPort, findRunUrl } from '../port-check/check-port.ts';
import { listSilentPorts, type SilentPort } from '../ports/list-silent-ports.ts';
import type { Supervision } from '../supervision.ts';
import { type CompareRun, openComparison, type RunComparison } from './changed-definition.ts';
import { kill } from './kill.ts';
import { noPortChanges, type PortChanges } from './prepare-ports.ts';
import { type PreparedStart, prepareStart, type StartedServices, type StartInput } from './start.ts';

export interface UpInput extends Omit<StartInput, 'transient' | 'waitMs' | 'onStarting'> {
  /** How long each service may take to become ready. If omitted, the timeout of its readiness check. */
  readonly timeoutMs?: number | undefined;
  /** Stops the services that are running and are no longer configured. */
  readonly removeOrphans?: boolean | undefined;
  /** Called once, before anything is started, with the services that have to be ready in the end. */
  readonly onPlan?: ((services: readonly PlannedService[]) => void) | undefined;
  /** Ties the services that this call starts to this process: the supervisor stops them if it is killed. */
  readonly isForeground?: boolean | undefined;
}

export interface PlannedService extends ServiceKey {
  /** The URL that it will have; undefined if it has none. */
  readonly url: string | undefined;
}

/** What `up` did with one service. */
export type UpService = ReadyService | FailedService;

interface ReadyService extends ServiceKey {
  /** `restarted`: its definition had changed. `kept`: it was already running. `finished`: its command exited with code 0. */
  readonly state: 'started' | 'restarted' | 'kept' | 'finished';
  /** The settings because of which it was restarted. Empty for other states, or if an earlier Candle did not record them. */
  readonly changed: readonly string[];
  readonly started: StartedService;
}

interface FailedService extends ServiceKey {
  readonly state: 'failed';
  readonly error: CandleError;
  /** Its run, if it is running all the same: it is not ready, or could not be replaced. */
  readonly run: Run | undefined;
  /** Null if it is not running. */
  readonly pid: number | null;
  /** Null if it is not running, or neither has a reserved port nor listens. */
  readonly portCheck: CheckedPort | null;
  /** Where it is reached; undefined if it is not running, or has no URL. */
  readonly url: string | undefined;
}

/** A service that is no longer configured, and that is running or about to be restarted by its policy. */
export interface OrphanedService extends ServiceKey {
  /** Null if it was not running. */
  readonly pid: number | null;
  readonly isStopped: boolean;
}

export interface UpServices extends Pick<StartedServices, 'ports' | 'newCommands' | 'warnings'> {
  /** In an order in which each service comes after its dependencies. */
  readonly services: readonly UpService[];
  readonly orphans: readonly OrphanedService[];
  /** Programs that Candle does not start and that are not running. */
  readonly silentPorts: readonly SilentPort[];
  /** The configuration differs from the one that was read in the beginning, which is the one that was applied. */
  readonly isConfigOutdated: boolean;
}

/**
 * Brings the running services in line with the configuration: starts those that are not running, restarts those whose
 * definition has changed, and leaves the others alone. Waits until all are ready. If a service fails, the others are not
 * affected, except those that depend on it. Safe to repeat, even by many callers at once.
 */
export async function up(caller: Supervision, input: UpInput): Promise<UpServices> {
  const owner = input.isForeground ? { owner: caller.self } : {};
  const supervision: Supervision = { ...caller, startVerb: 'up', ...owner };
  const { projectDir, onWaiting, signal, timeoutMs, onProgress } = input;
  const { config } = await supervision.readConfig(projectDir);
  const { plan, resolved, live: _, compare, changes, ...prepared } = await prepareUp(supervision, input);
  const orphans = await handleOrphans(supervision, input);
  const reservations = await supervision.store.reservations.list(projectDir);
  const reserved = portsByName(reservations);
  const { services: addressed } = await readNaming(supervision, { projectDir, config }, reservations);
  const planned = plan.definitions.map((one) => {
    const { name, projectDir } = one;
    return { name, projectDir, url: findUrl(addressedAs(one, addressed), ownPortOf(one, reserved)) };
  });
  input.onPlan?.(planned);
  const keep = (definition: ServiceDefinition, run: Run) => compare(definition, run).changed === undefined;
  await refuseSelfStarts(
    supervision,
    plan.definitions.filter(({ name }) => changes.has(name)),
  );
  await stopChanged(supervision, plan, { changed: new Set(changes.keys()), keep, onWaiting });
  const results = new Map<string, StartedService | CandleError>();
  await startInOrder(supervision, plan, {
    ...{ resolved, keep, onWaiting, signal, waitMs: timeoutMs, untilReady: true },
    onProgress: (service, progress) => {
      if (progress.kind === 'done') results.set(service.name, progress.result);
      onProgress?.(service, progress);
    },
  });
  const services = plan.definitions.flatMap((definition) => {
    const result = results.get(definition.name);
    const about = { changed: changes.get(definition.name), addressed: addressedAs(definition, addressed) };
    return result === undefined ? [] : describeResult(supervision, definition, result, about);
  });
  const current = await configReader(supervision.trust)(projectDir);
  const isConfigOutdated = !isSameConfig(current.config, config);
  const silentPorts = await listSilentPorts(supervision, config?.ports ?? [], reservations);
  return { ...prepared, services: await Promise.all(services), orphans, silentPorts, isConfigOutdated };
}

/** With what is known about its URL. */
function addressedAs(definition: ServiceDefinition, addressed: readonly Addressed[]): Addressed {
  return addressed.find(({ name }) => name === definition.name) ?? definition;
}

interface PreparedUp extends PreparedStart {
  readonly compare: CompareRun;
  /** What has changed in the definitions of running services, by name. */
  readonly changes: ReadonlyMap<string, readonly string[]>;
}

async function prepareUp(supervision: Supervision, input: UpInput): Promise<PreparedUp> {
  let ports = noPortChanges;
  try {
    const onPorts = (made: PortChanges) => {
      ports = made;
    };
    const prepared = await prepareStart(supervision, { ...input, onPorts }, { keep: 'unchanged' });
    const { plan, live, resolved } = prepared;
    const compare = await openComparison(supervision, resolved, plan.config);
    const compared = plan.definitions.flatMap((definition) => {
      const run = live.get(definition.name);
      // A job in progress ends first, and then runs again.
      return run && !definition.oneshot ? [{ run, ...compare(definition, run) }] : [];
    });
    ports = withCompared(ports, compared);
    const changes = new Map(compared.flatMap(({ run, changed }) => (changed ? [[run.serviceName, changed]] : [])));
    return { ...prepared, ports, compare, changes };
  } finally {
    // Also if a later step fails, because the changes persist.
    input.onPorts?.(ports);
  }
}

/** Adds what running services do not get, or not yet. A service that is restarted gets the new ports of the others. */
function withCompared(ports: PortChanges, compared: readonly (RunComparison & { readonly run: Run })[]): PortChanges {
  const restarted = new Set(compared.flatMap(({ run, changed }) => (changed ? [run.serviceName] : [])));
  const known = new Set(ports.outdated.map(({ name }) => name));
  const others = compared.flatMap(({ run: { serviceName: name, projectDir, id }, outdated: variables }) =>
    variables.length === 0 || known.has(name) ? [] : [{ name, projectDir, runId: id, moves: [], variables }],
  );
  return {
    ...ports,
    kept: [...ports.kept, ...compared.flatMap(({ kept }) => kept)],
    outdated: [...ports.outdated, ...others].filter(({ name }) => !restarted.has(name)),
  };
}

async function handleOrphans(
  supervision: Supervision,
  { projectDir, removeOrphans, onWaiting }: UpInput,
): Promise<readonly OrphanedService[]> {
  const { config, records } = await readKnownServices(supervision, projectDir);
  const names = config?.services.map(({ name }) => name) ?? [];
  const configured = new Set(config?.setup ? [setupName, ...names] : names);
  const unconfigured = [...records.values()].filter(({ name, transient }) => !configured.has(name) && !transient);
  const found = await Promise.all(
    unconfigured.map(async ({ name, pendingRestart }) => {
      const run = await findLiveRun(supervision, { projectDir, name });
      const pid = run ? await findPid(supervision, run) : null;
      return run || isRestartPending(pendingRestart) ? [{ name, projectDir, pid }] : [];
    }),
  );
  const orphans = found.flat();
  const isStopped = removeOrphans === true;
  if (isStopped && orphans.length > 0) {
    throwFailures(await kill(supervision, { projectDir, names: orphans.map(({ name }) => name), onWaiting }));
  }
  return orphans.map((orphan) => ({ ...orphan, isStopped }));
}

async function describeResult(
  supervision: Supervision,
  { name, projectDir }: ServiceKey,
  result: StartedService | CandleError,
  { changed, addressed }: { changed: readonly string[] | undefined; addressed: Addressed },
): Promise<UpService> {
  const key = { name, projectDir };
  const notRunning = { run: undefined, pid: null, portCheck: null, url: undefined };
  if (isCandleError(result)) {
    const run = await findLiveRun(supervision, key);
    // Without a run, something else may be listening there.
    if (run === undefined) return { ...key, state: 'failed', error: result, ...notRunning };
    const observed = await observeRun(supervision, run);
    const portCheck = await checkPort(supervision, { ...run, status: observed.status });
    const url = findRunUrl(supervision, addressed, run, portCheck);
    return { ...key, state: 'failed', error: result, run, pid: await findPid(supervision, run), portCheck, url };
  }
  const { outcome } = result;
  const failure = outcome === 'running' ? await findFailure(supervision, result) : undefined;
  if (failure) return { ...key, state: 'failed', error: failure, ...notRunning };
  if (outcome !== 'running') return { ...key, state: outcome, changed: [], started: result };
  return { ...key, state: changed ? 'restarted' : 'started', changed: changed ?? [], started: result };
}

/** The failure of a service that was started, and that has ended by itself, for good, while the others became ready. */
async function findFailure(
  supervision: Supervision,
  { definition, run: { id } }: StartedService,
): Promise<CandleError | undefined> {
  const { store } = supervision;
  if (definition.restart.policy !== 'never') return undefined;
  const run = await store.runs.find(id);
  // Another command is stopping it.
  if (run?.status === 'stopping') return undefined;
  const observed = run && (await observeRun(supervision, run));
  if (!observed || observed.isAlive || observed.exitCode === 0) return undefined;
  if (run.endReason === 'replaced' || run.endReason === 'stopped') return undefined;
  const { reportEnd } = await import('../launch/explain-end.ts');
  return new ServiceStartFailedError(run, observed, { report: await reportEnd(supervision, run, observed) });
}

/** Whether none of these services is running, and nothing is about to start one of them again. */
export async function areOver({ store }: Supervision, keys: readonly ServiceKey[]): Promise<boolean> {
  const over = keys.map(async (key) => {
    const last = (await store.runs.listOfService(key.projectDir, key.name)).at(-1);
    const service = await store.services.find(key);
    const hasEnded = last === undefined || (last.endedAtMs !== null && last.endReason !== 'replaced');
    return hasEnded && !isRestartPending(service?.pendingRestart);
  });
  return (await Promise.all(over)).every(Boolean);
}
