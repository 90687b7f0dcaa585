import { and, asc, eq, isNotNull } from 'drizzle-orm';
import type { ProcessIdentity } from '../runs/run.ts';
import type { LogLimits } from '../services/config/log-limits.ts';
import {
  type Comeback,
  noComeback,
  type ServiceKey,
  type ServiceRecord,
  type TicketVerb,
} from '../services/service.ts';
import type { Database, Orm } from './database.ts';
import { services } from './schema.ts';

export interface ServiceRequest extends ServiceKey {
  readonly verb: TicketVerb;
  readonly owner: ProcessIdentity;
  /** Given: it becomes (or stays) a transient service with this definition. Null: it is a configured one. Left out: unchanged. */
  readonly transient?: ServiceRecord['transient'];
}

/** A try to take a turn: granted, or held by another process that lives. */
export interface TurnAttempt {
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
  listReturning(): Promise<readonly ServiceRecord[]>;
  /** Unless a newer request has come. `desired` changes only when it is given. */
  setComeback(key: ServiceKey, ticket: number, comeback: Comeback, desired?: 'up' | 'down'): Promise<void>;
  setLogLimits(key: ServiceKey, limits: LogLimits | null): Promise<void>;
  /** The request has failed before there was a run, and its asker may live on: nobody is to wait for that run. */
  withdraw(key: ServiceKey, ticket: number): Promise<void>;
  /** Operations on one service take turns; the turn of a process that `isAlive` denies is taken over. */
  tryTurn(
    key: ServiceKey,
    owner: ProcessIdentity,
    sinceMs: number,
    isAlive: (owner: ProcessIdentity) => boolean,
  ): Promise<TurnAttempt | undefined>;
  endTurn(key: ServiceKey, owner: ProcessIdentity): Promise<void>;
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
          ticket: 0,
          ticketVerb: 'start',
          ticketPid: owner.pid,
          ticketStartToken: owner.startToken,
        } as const;
        orm
          .insert(services)
          .values({ projectDir, name, desired: 'down', ...asked })
          .onConflictDoNothing()
          .run();
      }),
    request: (request) => database.write((orm) => insertRequest(orm, request)),
    listReturning: () =>
      database.read((orm) =>
        orm.select().from(services).where(isNotNull(services.nextRestartAtMs)).all().map(toRecord),
      ),
    setComeback: (key, ticket, comeback, desired) =>
      database.write((orm) => {
        orm
          .update(services)
          .set({ ...comeback, ...(desired === undefined ? {} : { desired }) })
          .where(and(isKey(key), eq(services.ticket, ticket)))
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
    withdraw: (key, ticket) =>
      database.write((orm) => {
        orm
          .update(services)
          .set({ ticketPid: nobody.pid, ticketStartToken: nobody.startToken })
          .where(and(isKey(key), eq(services.ticket, ticket)))
          .run();
      }),
    tryTurn: (key, owner, sinceMs, isAlive) =>
      database.write((orm) => {
        const service = find(orm, key);
        if (!service) return undefined;
        if (service.turn && isAlive(service.turn.owner)) return { granted: false, service };
        orm
          .update(services)
          .set({ turnPid: owner.pid, turnStartToken: owner.startToken, turnSinceMs: sinceMs })
          .where(isKey(key))
          .run();
        return { granted: true, service };
      }),
    endTurn: (key, owner) =>
      database.write((orm) => {
        orm
          .update(services)
          .set({ turnPid: null, turnStartToken: null, turnSinceMs: null })
          .where(and(isKey(key), eq(services.turnPid, owner.pid), eq(services.turnStartToken, owner.startToken)))
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
  const ticket = (find(orm, { projectDir, name })?.ticket.number ?? 0) + 1;
  const asked = {
    desired: verb === 'start' ? ('up' as const) : ('down' as const),
    ticket,
    ticketVerb: verb,
    ticketPid: owner.pid,
    ticketStartToken: owner.startToken,
    ...noComeback,
    ...(transient === undefined ? {} : { shell: transient?.shell ?? null, root: transient?.root ?? null }),
  };
  orm
    .insert(services)
    .values({ projectDir, name, ...asked })
    .onConflictDoUpdate({ target: [services.projectDir, services.name], set: asked })
    .run();
  return ticket;
}

function toRecord(row: typeof services.$inferSelect): ServiceRecord {
  return {
    projectDir: row.projectDir,
    name: row.name,
    transient: row.shell === null ? null : { shell: row.shell, root: row.root },
    desired: row.desired,
    ticket: {
      number: row.ticket,
      verb: row.ticketVerb,
      owner: { pid: row.ticketPid, startToken: row.ticketStartToken },
    },
    turn:
      row.turnPid === null || row.turnStartToken === null || row.turnSinceMs === null
        ? null
        : { owner: { pid: row.turnPid, startToken: row.turnStartToken }, sinceMs: row.turnSinceMs },
    comeback: {
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
