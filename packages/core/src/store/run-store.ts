import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import type { ProcessIdentity, Run, RunEnd } from '../runs/run.ts';
import type { RunStatus } from '../runs/run-status.ts';
import type { PendingRestart } from '../services/service.ts';
import type { Database } from './database.ts';
import { toRun, toRunRow } from './run-row.ts';
import { runs, services } from './schema.ts';

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
  /** Must be committed before anything is spawned, so that nothing can be started twice. */
  insert(run: Run): Promise<void>;
  setShim(runId: string, shim: ProcessIdentity, status: RunStatus): Promise<void>;
  setStatus(runId: string, status: RunStatus): Promise<void>;
  /**
   * Confirms the start of the run. The status changes only if it is given. True if the start was not confirmed before, so
   * that only one of several processes that wait for a start raises the event.
   */
  confirm(runId: string, confirmedAtMs: number, status?: RunStatus): Promise<boolean>;
  /** Sets where the run's output begins for readers. */
  setLogStart(runId: string, logStart: string): Promise<void>;
  /**
   * Records the end of a run. Only the first end counts; true if it was this one. `pendingRestart` is the decision of the
   * restart policy. It is written in the same transaction as the end, so that a crash can neither lose a restart nor
   * cause a second one. A newer request supersedes it.
   */
  end(
    run: Pick<Run, 'id' | 'projectDir' | 'serviceName' | 'generation'>,
    status: RunStatus,
    end: RunEnd,
    pendingRestart?: PendingRestart,
  ): Promise<boolean>;
  forget(runId: string): Promise<void>;
}

export function createRunStore(database: Database): RunStore {
  const inProject = (projectDir: string | undefined) =>
    projectDir === undefined ? undefined : eq(runs.projectDir, projectDir);
  const ofService = (projectDir: string, serviceName: string) =>
    and(eq(runs.projectDir, projectDir), eq(runs.serviceName, serviceName));
  return {
    find: (runId) =>
      database.read((orm) => {
        const row = orm.select().from(runs).where(eq(runs.id, runId)).get();
        return row && toRun(row);
      }),
    findActive: (projectDir, serviceName) =>
      database.read((orm) => {
        const row = orm
          .select()
          .from(runs)
          .where(and(ofService(projectDir, serviceName), isNull(runs.endedAtMs)))
          .get();
        return row && toRun(row);
      }),
    listActive: (projectDir) =>
      database.read((orm) =>
        orm
          .select()
          .from(runs)
          .where(and(inProject(projectDir), isNull(runs.endedAtMs)))
          .orderBy(asc(runs.projectDir), asc(runs.serviceName))
          .all()
          .map(toRun),
      ),
    listLatest: (projectDir) =>
      database.read((orm) => {
        const latest = new Map<string, Run>();
        for (const row of orm
          .select()
          .from(runs)
          .where(inProject(projectDir))
          // The clock may jump back, but generations only grow.
          .orderBy(desc(runs.generation), desc(runs.startedAtMs))
          .all()) {
          const key = JSON.stringify([row.projectDir, row.serviceName]);
          if (!latest.has(key)) latest.set(key, toRun(row));
        }
        return [...latest.values()];
      }),
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
        orm
          .select()
          .from(runs)
          .where(ofService(projectDir, serviceName))
          .orderBy(asc(runs.generation), asc(runs.startedAtMs))
          .all()
          .map(toRun),
      ),
    insert: (run) =>
      database.write((orm) => {
        orm.insert(runs).values(toRunRow(run)).run();
      }),
    setShim: (runId, shim, status) =>
      database.write((orm) => {
        orm
          .update(runs)
          .set({ shimPid: shim.pid, shimStartToken: shim.startToken, status })
          .where(eq(runs.id, runId))
          .run();
      }),
    setStatus: (runId, status) =>
      database.write((orm) => {
        orm
          .update(runs)
          .set({ status })
          .where(and(eq(runs.id, runId), isNull(runs.endedAtMs)))
          .run();
      }),
    confirm: (runId, confirmedAtMs, status) =>
      database.write((orm) => {
        const isActive = and(eq(runs.id, runId), isNull(runs.endedAtMs));
        const before = orm.select({ confirmedAtMs: runs.confirmedAtMs }).from(runs).where(isActive).get();
        orm
          .update(runs)
          .set({ confirmedAtMs, ...(status === undefined ? {} : { status }) })
          .where(isActive)
          .run();
        return before?.confirmedAtMs === null;
      }),
    setLogStart: (runId, logStart) =>
      database.write((orm) => {
        orm.update(runs).set({ logStart }).where(eq(runs.id, runId)).run();
      }),
    end: ({ id, projectDir, serviceName, generation }, status, end, pendingRestart) =>
      database.write((orm) => {
        const { changes } = orm
          .update(runs)
          .set({ status, ...end })
          .where(and(eq(runs.id, id), isNull(runs.endedAtMs)))
          .run();
        if (changes === 0 || pendingRestart === undefined) return changes > 0;
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
        return true;
      }),
    forget: (runId) =>
      database.write((orm) => {
        orm.delete(runs).where(eq(runs.id, runId)).run();
      }),
  };
}
