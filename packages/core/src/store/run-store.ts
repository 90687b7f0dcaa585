import { and, eq, lte, or } from 'drizzle-orm';
import type { NewRun, Run } from '../runs/run.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { applyEvent, newRunState, type ProcessIdentity, type RunEndEvent, type RunEvent } from '../runs/run-status.ts';
import { noPendingRestart, type PendingRestart } from '../services/pending-restart.ts';
import { columns } from './columns.ts';
import type { Access, Orm } from './connection.ts';
import type { Queries } from './database.ts';
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
    find: (runId) => database.read((access) => find(access, runId)),
    findActive: (projectDir, serviceName) => database.read((access) => findActive(access, projectDir, serviceName)),
    listActive: (projectDir) =>
      database.read((access) =>
        list(access, { projectDir }, 'AND ended_at_ms IS NULL ORDER BY project_dir, service_name'),
      ),
    listLatest: (projectDir) => database.read((access) => listLatest(access, projectDir)),
    listIds: () => database.read((access) => access.list<{ id: string }>('SELECT id FROM runs').map(({ id }) => id)),
    listOfService: (projectDir, serviceName) =>
      database.read((access) => list(access, { projectDir, serviceName }, 'ORDER BY generation, started_at_ms')),
    insert: (run) =>
      database.write((access) => {
        const active = findActive(access, run.projectDir, run.serviceName);
        // A recovery may have read the row before this write was repeated on the new database.
        if (active) return active.id === run.id ? undefined : active;
        access.orm
          .insert(runs)
          .values(toRunRow({ ...run, ...newRunState }))
          .run();
        return undefined;
      }),
    adopt: (record, isAlive) =>
      database.write((access) => {
        const { projectDir, serviceName } = record.run;
        const active = findActive(access, projectDir, serviceName);
        return active ?? (isAlive() ? adopt(access, record) : undefined);
      }),
    apply: (runId, event) => database.write((access) => apply(access, runId, event)),
    end: (runId, event, pendingRestart) =>
      database.write((access) => {
        const run = apply(access, runId, event);
        if (run && pendingRestart) setPendingRestart(access.orm, run, pendingRestart);
        return run;
      }),
    confirm: (runId, confirmedAtMs, event) => database.write((access) => confirm(access, runId, confirmedAtMs, event)),
    setLogStart: (runId, logStart) => database.write(({ orm }) => update(orm, runId, { logStart })),
    forget: (runId) =>
      database.write(({ orm }) => {
        orm.delete(runs).where(eq(runs.id, runId)).run();
      }),
  };
}

type RunRow = typeof runs.$inferSelect;

const select = `SELECT ${columns.runs} FROM runs`;

function find(access: Access, runId: string): Run | undefined {
  const row = access.find<RunRow>(`${select} WHERE id = ?`, runId);
  return row && toRun(row);
}

function findActive(access: Access, projectDir: string, serviceName: string): Run | undefined {
  return list(access, { projectDir, serviceName }, 'AND ended_at_ms IS NULL')[0];
}

/** The runs of one service, of one project or of all, with the rest of the query. */
function list(
  access: Access,
  { projectDir, serviceName }: { projectDir: string | undefined; serviceName?: string },
  rest: string,
): readonly Run[] {
  const isInProject = projectDir === undefined ? 'TRUE' : 'project_dir = ?';
  const isOfService = serviceName === undefined ? 'TRUE' : 'service_name = ?';
  const values = [projectDir, serviceName].filter((value) => value !== undefined);
  return access.list<RunRow>(`${select} WHERE ${isInProject} AND ${isOfService} ${rest}`, ...values).map(toRun);
}

function listLatest(access: Access, projectDir: string | undefined): readonly Run[] {
  const latest = new Map<string, Run>();
  // The clock may jump back, but generations only grow.
  for (const run of list(access, { projectDir }, 'ORDER BY generation DESC, started_at_ms DESC')) {
    const key = JSON.stringify([run.projectDir, run.serviceName]);
    if (!latest.has(key)) latest.set(key, run);
  }
  return [...latest.values()];
}

function update(orm: Orm, runId: string, change: Partial<typeof runs.$inferInsert>): void {
  orm.update(runs).set(change).where(eq(runs.id, runId)).run();
}

function adopt(access: Access, { run, transient }: RunRecord): Run {
  const { orm } = access;
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
    insertReservation(access, { port, projectDir, serviceName, reservedAtMs: startedAtMs }, { movesCursor: false });
  }
  return run;
}

function apply(access: Access, runId: string, event: RunEvent): Run | undefined {
  const before = find(access, runId);
  const after = before && applyEvent(before, event);
  if (!after || after === before) return undefined;
  update(access.orm, runId, toRunRow(after));
  return after;
}

function confirm(access: Access, runId: string, confirmedAtMs: number, event: RunEvent | undefined): boolean {
  const before = find(access, runId);
  if (!before || before.endedAtMs !== null) return false;
  update(access.orm, runId, { confirmedAtMs });
  if (event) apply(access, runId, event);
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

export function toRun({ shimPid, shimStartToken, ownerPid, ownerStartToken, ...row }: RunRow): Run {
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
