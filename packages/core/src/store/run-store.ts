import { and, asc, desc, eq, isNull, lte, or, type SQL } from 'drizzle-orm';
import type { NewRun, Run } from '../runs/run.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { applyEvent, newRunState, type ProcessIdentity, type RunEndEvent, type RunEvent } from '../runs/run-status.ts';
import { noPendingRestart, type PendingRestart } from '../services/pending-restart.ts';
import type { Orm, Queries } from './database.ts';
import { insertReservation } from './reservation-store.ts';
import { reservations, runs, services } from './schema.ts';

export interface RunStore {
  /** Undefined if the run is no longer in the database. */
  find(runId: string): Promise<Run | undefined>;
  /** The run of this service that is not over yet. */
  findActive(projectDir: string, serviceName: string): Promise<Run | undefined>;
  /** The runs of one project or of all that are not over yet. */
  listActive(projectDir?: string): Promise<readonly Run[]>;
  /** The newest run of each service, in one project or in all. */
  listLatest(projectDir?: string): Promise<readonly Run[]>;
  /** The ids of all runs in the database. */
  listIds(): Promise<readonly string[]>;
  /** All runs of a service, oldest first. */
  listOfService(projectDir: string, serviceName: string): Promise<readonly Run[]>;
  /**
   * Must be committed before anything is spawned, so that nothing can be started twice. If another run of the service is
   * active, inserts nothing and returns that one: a recovery restores the runs that it finds.
   */
  insert(run: NewRun): Promise<Run | undefined>;
  /**
   * Makes a run that the database does not know, or believes to be over, the active run of its service, with its port.
   * Changes nothing if another run of the service is active, or if `isAlive`, which is called under the write lock, returns
   * false. Returns the active run.
   */
  adopt(record: RunRecord, isAlive: () => boolean): Promise<Run | undefined>;
  /**
   * Applies an event to the run; see applyEvent. Returns the changed run; undefined if the event changed nothing or the
   * run is no longer in the database. An event is the only way to change the state of a run.
   */
  apply(runId: string, event: RunEvent): Promise<Run | undefined>;
  /**
   * The same for an event that ends the run: only the first end counts. `pendingRestart` is the decision of the restart
   * policy. It is written in the same transaction as the end, so that a crash can neither lose a restart nor cause a
   * second one. A newer request supersedes it.
   */
  end(runId: string, event: RunEndEvent, pendingRestart?: PendingRestart): Promise<Run | undefined>;
  /**
   * Confirms the start of an active run, and applies the event that confirmed it, if any. True if the start was not
   * confirmed before, so that only one of several processes that wait for a start raises the event.
   */
  confirm(runId: string, confirmedAtMs: number, event?: RunEvent): Promise<boolean>;
  /** Sets where the run's output begins for readers. */
  setLogStart(runId: string, logStart: string): Promise<void>;
  forget(runId: string): Promise<void>;
}

export function createRunStore(database: Queries): RunStore {
  return {
    find: (runId) => database.read((orm) => find(orm, eq(runs.id, runId))),
    findActive: (projectDir, serviceName) =>
      database.read((orm) => find(orm, and(isOfService(projectDir, serviceName), isActive))),
    listActive: (projectDir) =>
      database.read((orm) =>
        list(orm, and(isInProject(projectDir), isActive), asc(runs.projectDir), asc(runs.serviceName)),
      ),
    listLatest: (projectDir) => database.read((orm) => listLatest(orm, projectDir)),
    listIds: () =>
      database.read((orm) =>
        orm
          .select({ id: runs.id })
          .from(runs)
          .all()
          .map(({ id }) => id),
      ),
    listOfService: (projectDir, serviceName) =>
      database.read((orm) =>
        list(orm, isOfService(projectDir, serviceName), asc(runs.generation), asc(runs.startedAtMs)),
      ),
    insert: (run) =>
      database.write((orm) => {
        const active = find(orm, and(isOfService(run.projectDir, run.serviceName), isActive));
        // A recovery may have read the row before this write was repeated on the new database.
        if (active) return active.id === run.id ? undefined : active;
        orm
          .insert(runs)
          .values(toRunRow({ ...run, ...newRunState }))
          .run();
        return undefined;
      }),
    adopt: (record, isAlive) =>
      database.write((orm) => {
        const { projectDir, serviceName } = record.run;
        const active = find(orm, and(isOfService(projectDir, serviceName), isActive));
        return active ?? (isAlive() ? adopt(orm, record) : undefined);
      }),
    apply: (runId, event) => database.write((orm) => apply(orm, runId, event)),
    end: (runId, event, pendingRestart) =>
      database.write((orm) => {
        const run = apply(orm, runId, event);
        if (run && pendingRestart) setPendingRestart(orm, run, pendingRestart);
        return run;
      }),
    confirm: (runId, confirmedAtMs, event) => database.write((orm) => confirm(orm, runId, confirmedAtMs, event)),
    setLogStart: (runId, logStart) => database.write((orm) => update(orm, runId, { logStart })),
    forget: (runId) =>
      database.write((orm) => {
        orm.delete(runs).where(eq(runs.id, runId)).run();
      }),
  };
}

const isActive = isNull(runs.endedAtMs);

function isInProject(projectDir: string | undefined): SQL | undefined {
  return projectDir === undefined ? undefined : eq(runs.projectDir, projectDir);
}

function isOfService(projectDir: string, serviceName: string): SQL | undefined {
  return and(eq(runs.projectDir, projectDir), eq(runs.serviceName, serviceName));
}

function find(orm: Orm, condition: SQL | undefined): Run | undefined {
  const row = orm.select().from(runs).where(condition).get();
  return row && toRun(row);
}

function list(orm: Orm, condition: SQL | undefined, ...order: readonly SQL[]): readonly Run[] {
  return orm
    .select()
    .from(runs)
    .where(condition)
    .orderBy(...order)
    .all()
    .map(toRun);
}

function listLatest(orm: Orm, projectDir: string | undefined): readonly Run[] {
  const latest = new Map<string, Run>();
  // The clock may jump back, but generations only grow.
  for (const run of list(orm, isInProject(projectDir), desc(runs.generation), desc(runs.startedAtMs))) {
    const key = JSON.stringify([run.projectDir, run.serviceName]);
    if (!latest.has(key)) latest.set(key, run);
  }
  return [...latest.values()];
}

function update(orm: Orm, runId: string, change: Partial<typeof runs.$inferInsert>): void {
  orm.update(runs).set(change).where(eq(runs.id, runId)).run();
}

function adopt(orm: Orm, { run, transient }: RunRecord): Run {
  const { projectDir, serviceName, generation, port, startedAtMs } = run;
  const row = toRunRow(run);
  orm.insert(runs).values(row).onConflictDoUpdate({ target: runs.id, set: row }).run();
  const requested = { desired: 'up', generation, requestVerb: 'start', ...noPendingRestart } as const;
  // A process that does not exist, because no process waits for this request.
  const owner = { requestPid: 0, requestStartToken: '' };
  orm
    .insert(services)
    .values({ projectDir, name: serviceName, ...transient, ...requested, ...owner })
    .onConflictDoUpdate({
      target: [services.projectDir, services.name],
      set: requested,
      setWhere: lte(services.generation, generation),
    })
    .run();
  if (port === null) return run;
  const isReserved = or(
    eq(reservations.port, port),
    and(eq(reservations.projectDir, projectDir), eq(reservations.serviceName, serviceName)),
  );
  if (orm.select({ port: reservations.port }).from(reservations).where(isReserved).get() === undefined) {
    insertReservation(orm, { port, projectDir, serviceName, reservedAtMs: startedAtMs }, { movesCursor: false });
  }
  return run;
}

function apply(orm: Orm, runId: string, event: RunEvent): Run | undefined {
  const before = find(orm, eq(runs.id, runId));
  const after = before && applyEvent(before, event);
  if (!after || after === before) return undefined;
  update(orm, runId, toRunRow(after));
  return after;
}

function confirm(orm: Orm, runId: string, confirmedAtMs: number, event: RunEvent | undefined): boolean {
  const before = find(orm, and(eq(runs.id, runId), isActive));
  if (!before) return false;
  update(orm, runId, { confirmedAtMs });
  if (event) apply(orm, runId, event);
  return before.confirmedAtMs === null;
}

function setPendingRestart(orm: Orm, run: Run, pendingRestart: PendingRestart): void {
  const { projectDir, serviceName, generation } = run;
  orm
    .update(services)
    .set(pendingRestart)
    .where(
      and(
        eq(services.projectDir, projectDir),
        eq(services.name, serviceName),
        eq(services.generation, generation),
        eq(services.desired, 'up'),
      ),
    )
    .run();
}

export function toRun({ shimPid, shimStartToken, ownerPid, ownerStartToken, ...row }: typeof runs.$inferSelect): Run {
  return { ...row, shim: identityOf(shimPid, shimStartToken), owner: identityOf(ownerPid, ownerStartToken) };
}

function identityOf(pid: number | null, startToken: string | null): ProcessIdentity | null {
  return pid !== null && startToken !== null ? { pid, startToken } : null;
}

export function toRunRow({ shim, owner, ...run }: Run): typeof runs.$inferInsert {
  return {
    ...run,
    shimPid: shim?.pid ?? null,
    shimStartToken: shim?.startToken ?? null,
    // The record of a run that an earlier Candle started has neither of these.
    startedMonotonicMs: run.startedMonotonicMs ?? null,
    ownerPid: owner?.pid ?? null,
    ownerStartToken: owner?.startToken ?? null,
  };
}
