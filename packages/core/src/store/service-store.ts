import { and, asc, eq, isNotNull } from 'drizzle-orm';
import type { ProcessIdentity } from '../runs/run.ts';
import type { LogLimits } from '../services/config/log-limits.ts';
import {
  noPendingRestart,
  type PendingRestart,
  type RequestVerb,
  type ServiceKey,
  type ServiceRecord,
} from '../services/service.ts';
import type { Database, Orm } from './database.ts';
import { services } from './schema.ts';

export interface ServiceRequest extends ServiceKey {
  readonly verb: RequestVerb;
  readonly owner: ProcessIdentity;
  /** Given: it becomes (or stays) a transient service with this definition. Null: it is a configured one. Left out: unchanged. */
  readonly transient?: ServiceRecord['transient'];
}

/** A try to take a turn: granted, or held by another process that lives. */
export interface LockAttempt {
  readonly granted: boolean;
  readonly service: ServiceRecord;
}

export interface ServiceStore {
  find(key: ServiceKey): Promise<ServiceRecord | undefined>;
  /** Of one project, or of all. */
  list(projectDir?: string): Promise<readonly ServiceRecord[]>;
  /** Makes the service known when it is not, without asking anything of it: only a known service has turns. */
  ensure(key: ServiceKey, owner: ProcessIdentity): Promise<void>;
  /** Records that a start or a kill is wanted and returns the number of the request: the newest one decides. */
  request(request: ServiceRequest): Promise<number>;
  /** Services that their policy is to start again, at whatever time. */
  listPendingRestarts(): Promise<readonly ServiceRecord[]>;
  /** Unless a newer request has come. `desired` changes only when it is given. */
  setPendingRestart(
    key: ServiceKey,
    generation: number,
    pendingRestart: PendingRestart,
    desired?: 'up' | 'down',
  ): Promise<void>;
  setLogLimits(key: ServiceKey, limits: LogLimits | null): Promise<void>;
  /** The request has failed before there was a run, and its asker may live on: nobody is to wait for that run. */
  withdraw(key: ServiceKey, generation: number): Promise<void>;
  /** Operations on one service take turns; the turn of a process that `isAlive` denies is taken over. */
  tryLock(
    key: ServiceKey,
    owner: ProcessIdentity,
    sinceMs: number,
    isAlive: (owner: ProcessIdentity) => boolean,
  ): Promise<LockAttempt | undefined>;
  unlock(key: ServiceKey, owner: ProcessIdentity): Promise<void>;
}

/** The asker of a request that was withdrawn: no process is like this, so that it counts as gone. */
const nobody: ProcessIdentity = { pid: 0, startToken: '' };

export function createServiceStore(database: Database): ServiceStore {
  return {
    find: (key) => database.read((orm) => find(orm, key)),
    list: (projectDir) =>
      database.read((orm) =>
        orm
          .select()
          .from(services)
          .where(projectDir === undefined ? undefined : eq(services.projectDir, projectDir))
          .orderBy(asc(services.projectDir), asc(services.name))
          .all()
          .map(toRecord),
      ),
    ensure: ({ projectDir, name }, owner) =>
      database.write((orm) => {
        const asked = {
          generation: 0,
          requestVerb: 'start',
          requestPid: owner.pid,
          requestStartToken: owner.startToken,
        } as const;
        orm
          .insert(services)
          .values({ projectDir, name, desired: 'down', ...asked })
          .onConflictDoNothing()
          .run();
      }),
    request: (request) => database.write((orm) => insertRequest(orm, request)),
    listPendingRestarts: () =>
      database.read((orm) =>
        orm.select().from(services).where(isNotNull(services.nextRestartAtMs)).all().map(toRecord),
      ),
    setPendingRestart: (key, generation, pendingRestart, desired) =>
      database.write((orm) => {
        orm
          .update(services)
          .set({ ...pendingRestart, ...(desired === undefined ? {} : { desired }) })
          .where(and(isKey(key), eq(services.generation, generation)))
          .run();
      }),
    setLogLimits: (key, limits) =>
      database.write((orm) => {
        orm
          .update(services)
          .set({ logMaxBytes: limits?.maxBytes ?? null, logMaxAgeMs: limits?.maxAgeMs ?? null })
          .where(isKey(key))
          .run();
      }),
    withdraw: (key, generation) =>
      database.write((orm) => {
        orm
          .update(services)
          .set({ requestPid: nobody.pid, requestStartToken: nobody.startToken })
          .where(and(isKey(key), eq(services.generation, generation)))
          .run();
      }),
    tryLock: (key, owner, sinceMs, isAlive) =>
      database.write((orm) => {
        const service = find(orm, key);
        if (!service) return undefined;
        if (service.lock && isAlive(service.lock.owner)) return { granted: false, service };
        orm
          .update(services)
          .set({ lockPid: owner.pid, lockStartToken: owner.startToken, lockSinceMs: sinceMs })
          .where(isKey(key))
          .run();
        return { granted: true, service };
      }),
    unlock: (key, owner) =>
      database.write((orm) => {
        orm
          .update(services)
          .set({ lockPid: null, lockStartToken: null, lockSinceMs: null })
          .where(and(isKey(key), eq(services.lockPid, owner.pid), eq(services.lockStartToken, owner.startToken)))
          .run();
      }),
  };
}

function isKey({ projectDir, name }: ServiceKey) {
  return and(eq(services.projectDir, projectDir), eq(services.name, name));
}

function find(orm: Orm, key: ServiceKey): ServiceRecord | undefined {
  const row = orm.select().from(services).where(isKey(key)).get();
  return row && toRecord(row);
}

function insertRequest(orm: Orm, { projectDir, name, verb, owner, transient }: ServiceRequest): number {
  const generation = (find(orm, { projectDir, name })?.request.generation ?? 0) + 1;
  const asked = {
    desired: verb === 'start' ? ('up' as const) : ('down' as const),
    generation,
    requestVerb: verb,
    requestPid: owner.pid,
    requestStartToken: owner.startToken,
    ...noPendingRestart,
    ...(transient === undefined ? {} : { shell: transient?.shell ?? null, root: transient?.root ?? null }),
  };
  orm
    .insert(services)
    .values({ projectDir, name, ...asked })
    .onConflictDoUpdate({ target: [services.projectDir, services.name], set: asked })
    .run();
  return generation;
}

function toRecord(row: typeof services.$inferSelect): ServiceRecord {
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
      crashLoopedAtMs: row.crashLoopedAtMs,
      refusal: row.refusal,
    },
    logLimits:
      row.logMaxBytes === null || row.logMaxAgeMs === null
        ? null
        : { maxBytes: row.logMaxBytes, maxAgeMs: row.logMaxAgeMs },
  };
}
