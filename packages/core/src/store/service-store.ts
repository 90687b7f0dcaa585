import { and, asc, eq, isNotNull } from 'drizzle-orm';
import type { LogLimits } from '../config/log-limits.ts';
import type { Run } from '../runs/run.ts';
import { hasInputs, type ProcessIdentity } from '../runs/run-status.ts';
import {
  applyRestartEvent,
  isRestartPending,
  noPendingRestart,
  type PendingRestart,
  type RestartEvent,
} from '../services/pending-restart.ts';
import type { RequestVerb, ServiceKey, ServiceRecord } from '../services/service.ts';
import { columns } from './columns.ts';
import type { Access, Orm } from './connection.ts';
import type { Queries } from './database.ts';
import { runs, services } from './schema.ts';

export interface ServiceRequest extends ServiceKey {
  readonly verb: RequestVerb;
  readonly owner: ProcessIdentity;
  /** If given, the service becomes (or stays) transient with this definition. Null: it is a configured service. If omitted: unchanged. */
  readonly transient?: ServiceRecord['transient'];
}

/** A run on whose behalf a process requests a start. */
type AskingRun = Pick<Run, 'projectDir' | 'serviceName' | 'generation'>;

export interface RequestedKill {
  /** The service before the request. */
  readonly service: ServiceRecord;
  /** The generation of the request; undefined if there was nothing to stop. */
  readonly generation: number | undefined;
}

/** The result of an attempt to take a service lock. It is not granted while another live process holds the lock. */
export interface LockAttempt {
  readonly granted: boolean;
  readonly service: ServiceRecord;
}

export interface ServiceStore {
  find(key: ServiceKey): Promise<ServiceRecord | undefined>;
  /** Lists the services of one project or of all. */
  list(projectDir?: string): Promise<readonly ServiceRecord[]>;
  /** Adds the service if it is missing, without a request: only a service in the database can be locked. */
  ensure(key: ServiceKey, owner: ProcessIdentity): Promise<void>;
  /** Records a request to start or kill the service and returns its generation. The newest request wins. */
  request(request: ServiceRequest): Promise<number>;
  /**
   * The same for a process that belongs to these runs. If one of them has been killed, it records nothing and returns that
   * run: no process of a service may start anything while the service is being stopped.
   */
  requestFrom<R extends AskingRun>(
    runs: readonly R[],
    request: ServiceRequest,
  ): Promise<{ readonly generation: number } | { readonly killed: R }>;
  /**
   * Records a kill of those services for which there is something to stop, all at once, so that none of them can start
   * another one meanwhile. Returns an entry for each key; undefined for an unknown service.
   */
  requestKills(
    keys: readonly ServiceKey[],
    owner: ProcessIdentity,
    isAlive: (owner: ProcessIdentity) => boolean,
  ): Promise<readonly (RequestedKill | undefined)[]>;
  /**
   * Records a kill that was requested when `generation` was the newest request. Has no effect if there has been a newer
   * one, or if that request was a kill itself.
   */
  killUnlessNewer(key: ServiceKey, generation: number, owner: ProcessIdentity): Promise<void>;
  /** The services with a pending restart at any time. */
  listPendingRestarts(): Promise<readonly ServiceRecord[]>;
  /** Applies an event to the service's restart policy and returns its new state; undefined if a newer request exists. */
  applyRestartEvent(key: ServiceKey, generation: number, event: RestartEvent): Promise<PendingRestart | undefined>;
  setLogLimits(key: ServiceKey, limits: LogLimits | null): Promise<void>;
  /** Withdraws a request that failed before there was a run, so that no process waits for that run while the requesting process lives. */
  withdraw(key: ServiceKey, generation: number): Promise<void>;
  /** Takes the lock of a service, which serializes operations on it. The lock of a process that is not alive is taken over. */
  tryLock(
    key: ServiceKey,
    owner: ProcessIdentity,
    sinceMs: number,
    isAlive: (owner: ProcessIdentity) => boolean,
  ): Promise<LockAttempt | undefined>;
  /** Releases the lock that the owner took at `sinceMs`. */
  unlock(key: ServiceKey, owner: ProcessIdentity, sinceMs: number): Promise<void>;
}

/** The requesting process of a withdrawn request. No such process exists, so it counts as gone. */
const noProcess: ProcessIdentity = { pid: 0, startToken: '' };

export function createServiceStore(database: Queries): ServiceStore {
  return {
    find: (key) => database.read((access) => find(access, key)),
    list: (projectDir) =>
      database.read((access) => {
        const order = 'ORDER BY project_dir, name';
        const rows =
          projectDir === undefined
            ? access.list<ServiceRow>(`${select} ${order}`)
            : access.list<ServiceRow>(`${select} WHERE project_dir = ? ${order}`, projectDir);
        return rows.map(toRecord);
      }),
    ensure: ({ projectDir, name }, owner) =>
      database.write(({ orm }) => {
        const requested = {
          generation: 0,
          requestVerb: 'start',
          requestPid: owner.pid,
          requestStartToken: owner.startToken,
        } as const;
        orm
          .insert(services)
          .values({ projectDir, name, desired: 'down', ...requested })
          .onConflictDoNothing()
          .run();
      }),
    request: (request) => database.write((access) => insertRequest(access, request)),
    requestFrom: (runs, request) =>
      database.write((access) => {
        const killed = runs.find((run) => {
          const newest = find(access, { projectDir: run.projectDir, name: run.serviceName })?.request;
          return newest?.verb === 'kill' && newest.generation > run.generation;
        });
        return killed ? { killed } : { generation: insertRequest(access, request) };
      }),
    requestKills: async (keys, owner, isAlive) => {
      const ask = (access: Access, key: ServiceKey, isWritten: boolean): RequestedKill | undefined => {
        const service = find(access, key);
        if (!service) return undefined;
        if (!isBusy(access.orm, service, isAlive)) return { service, generation: undefined };
        const { generation } = service.request;
        return { service, generation: isWritten ? insertRequest(access, { ...key, verb: 'kill', owner }) : generation };
      };
      const found = await database.read((access) => keys.map((key) => ask(access, key, false)));
      // Nothing is written if there is nothing to stop.
      if (found.every((one) => one?.generation === undefined)) return found;
      return database.write((access) => keys.map((key) => ask(access, key, true)));
    },
    killUnlessNewer: ({ projectDir, name }, generation, owner) =>
      database.write((access) => {
        const newest = find(access, { projectDir, name })?.request;
        if (newest === undefined || newest.generation > generation || newest.verb === 'kill') return;
        insertRequest(access, { projectDir, name, verb: 'kill', owner });
      }),
    listPendingRestarts: () =>
      database.read(({ orm }) =>
        orm.select().from(services).where(isNotNull(services.nextRestartAtMs)).all().map(toRecord),
      ),
    applyRestartEvent: (key, generation, event) =>
      database.write((access) => {
        const service = find(access, key);
        if (service?.request.generation !== generation) return undefined;
        const pendingRestart = applyRestartEvent(service.pendingRestart, event);
        const desired = event.kind === 'cancelled' ? 'down' : service.desired;
        access.orm
          .update(services)
          .set({ ...pendingRestart, desired })
          .where(isKey(key))
          .run();
        return pendingRestart;
      }),
    setLogLimits: (key, limits) =>
      database.write(({ orm }) => {
        orm
          .update(services)
          .set({ logMaxBytes: limits?.maxBytes ?? null, logMaxAgeMs: limits?.maxAgeMs ?? null })
          .where(isKey(key))
          .run();
      }),
    withdraw: (key, generation) =>
      database.write(({ orm }) => {
        orm
          .update(services)
          .set({ requestPid: noProcess.pid, requestStartToken: noProcess.startToken })
          .where(and(isKey(key), eq(services.generation, generation)))
          .run();
      }),
    tryLock: (key, owner, sinceMs, isAlive) =>
      database.write((access) => {
        const service = find(access, key);
        if (!service) return undefined;
        if (service.lock && isAlive(service.lock.owner)) return { granted: false, service };
        access.orm
          .update(services)
          .set({ lockPid: owner.pid, lockStartToken: owner.startToken, lockSinceMs: sinceMs })
          .where(isKey(key))
          .run();
        return { granted: true, service };
      }),
    unlock: (key, owner, sinceMs) =>
      database.write(({ orm }) => {
        orm
          .update(services)
          .set({ lockPid: null, lockStartToken: null, lockSinceMs: null })
          .where(
            and(
              isKey(key),
              eq(services.lockPid, owner.pid),
              eq(services.lockStartToken, owner.startToken),
              eq(services.lockSinceMs, sinceMs),
            ),
          )
          .run();
      }),
  };
}

function isKey({ projectDir, name }: ServiceKey) {
  return and(eq(services.projectDir, projectDir), eq(services.name, name));
}

type ServiceRow = typeof services.$inferSelect;

const select = `SELECT ${columns.services} FROM services`;

function find(access: Access, { projectDir, name }: ServiceKey): ServiceRecord | undefined {
  const row = access.find<ServiceRow>(`${select} WHERE project_dir = ? AND name = ?`, projectDir, name);
  return row && toRecord(row);
}

/** Whether there is something to stop: the service is running or done, or something is about to start it. */
function isBusy(
  orm: Orm,
  { projectDir, name, lock, request, pendingRestart }: ServiceRecord,
  isAlive: (owner: ProcessIdentity) => boolean,
): boolean {
  if (lock !== null || isRestartPending(pendingRestart)) return true;
  if (request.verb === 'start' && isAlive(request.owner)) return true;
  const isOfService = and(eq(runs.projectDir, projectDir), eq(runs.serviceName, name));
  const ofService = orm.select().from(runs).where(isOfService);
  const all = ofService.orderBy(asc(runs.generation), asc(runs.startedAtMs)).all();
  if (all.some(({ endedAtMs }) => endedAtMs === null)) return true;
  const last = all.at(-1);
  // A job that has succeeded counts as done until it is killed.
  return request.verb === 'start' && last?.exitCode === 0 && hasInputs(last.fingerprint);
}

function insertRequest(access: Access, { projectDir, name, verb, owner, transient }: ServiceRequest): number {
  const generation = (find(access, { projectDir, name })?.request.generation ?? 0) + 1;
  const requested = {
    desired: verb === 'start' ? ('up' as const) : ('down' as const),
    generation,
    requestVerb: verb,
    requestPid: owner.pid,
    requestStartToken: owner.startToken,
    ...noPendingRestart,
    ...(transient === undefined ? {} : { shell: transient?.shell ?? null, root: transient?.root ?? null }),
  };
  access.orm
    .insert(services)
    .values({ projectDir, name, ...requested })
    .onConflictDoUpdate({ target: [services.projectDir, services.name], set: requested })
    .run();
  return generation;
}

function toRecord(row: ServiceRow): ServiceRecord {
  return {
    projectDir: row.projectDir,
    name: row.name,
    transient: row.shell === null ? null : { shell: row.shell, root: row.root },
    desired: row.desired,
    request: {
      generation: row.generation,
      verb: row.requestVerb,
      owner: { pid: row.requestPid, startToken: row.requestStartToken },
    },
    lock:
      row.lockPid === null || row.lockStartToken === null || row.lockSinceMs === null
        ? null
        : { owner: { pid: row.lockPid, startToken: row.lockStartToken }, sinceMs: row.lockSinceMs },
    pendingRestart: {
      attempts: row.attempts,
      nextRestartAtMs: row.nextRestartAtMs,
      nextRestartMonotonicMs: row.nextRestartMonotonicMs,
      nextRestartBootId: row.nextRestartBootId,
      crashLoopedAtMs: row.crashLoopedAtMs,
      refusal: row.refusal,
    },
    logLimits:
      row.logMaxBytes === null || row.logMaxAgeMs === null
        ? null
        : { maxBytes: row.logMaxBytes, maxAgeMs: row.logMaxAgeMs },
  };
}
