import { and, count, desc, eq, gt, isNotNull, isNull, max } from 'drizzle-orm';
import { firstPort, portAfter } from '../../ports/port-range.ts';
import type { Run } from '../../runs/run.ts';
import { listRunIds, listRunRecords, type RunRecord, readRecord, runDir } from '../../runs/run-record.ts';
import { applyEvent, endEvent, nextStatus } from '../../runs/run-status.ts';
import type { Orm } from '../connection.ts';
import { toRun, toRunRow } from '../run-store.ts';
import { portCursor, reservations, runs, services, setups, shownCommands, trustedDirs } from '../schema.ts';
import type { CopiedRows } from './copied-rows.ts';

export interface RestoredRows {
  /** How many reservations came from the copy, and how many only from running services. */
  readonly reservations: { readonly fromCopy: number; readonly fromRuns: number };
  /** Runs that are not over as far as Candle knows. */
  readonly activeRuns: number;
  readonly endedRuns: number;
  readonly names: RestoredNames;
}

export interface NamedPort {
  /** Null for a service without a reserved port. */
  readonly port: number | null;
  readonly projectDir: string;
  /** Null for a port of the project itself. */
  readonly serviceName: string | null;
}

/** The newest first, at most `maxNames` of each. */
export interface RestoredNames {
  readonly reservations: readonly NamedPort[];
  readonly running: readonly NamedPort[];
  /** Ports of services that ran after the copy was made and have ended: whether they were still reserved is not known. */
  readonly lost: readonly NamedPort[];
}

const maxNames = 100;

export interface RestoreSources {
  readonly stateDir: string;
  /** Undefined if there is no usable copy. */
  readonly copy: CopiedRows | undefined;
  readonly copiedAtMs: number;
}

/** Fills a new database from the last copy of the old one and from the records of the runs. Starts nothing. */
export function restoreRows(orm: Orm, { stateDir, copy, copiedAtMs }: RestoreSources): RestoredRows {
  const records = newestFirst(listRunRecords(stateDir));
  restoreRuns(orm, stateDir, { records, copied: copy?.runs ?? [] });
  restoreServices(orm, { records, copied: copy?.services ?? [] });
  for (const row of copy?.trustedDirs ?? []) orm.insert(trustedDirs).values(row).run();
  for (const row of copy?.shownCommands ?? []) orm.insert(shownCommands).values(row).run();
  for (const row of copy?.setups ?? []) orm.insert(setups).values(row).run();
  const active = orm.select().from(runs).where(isNull(runs.endedAtMs)).all().map(toRun);
  const ended = orm.select({ n: count() }).from(runs).where(isNotNull(runs.endedAtMs)).get();
  return {
    reservations: restoreReservations(orm, { active, copy, copiedAtMs }),
    activeRuns: active.length,
    endedRuns: ended?.n ?? 0,
    names: namesOf(orm, { active, copiedAtMs }),
  };
}

function namesOf(orm: Orm, { active, copiedAtMs }: Omit<ReservationSources, 'copy'>): RestoredNames {
  const named = { port: reservations.port, projectDir: reservations.projectDir, serviceName: reservations.serviceName };
  const reserved = orm.select(named).from(reservations).orderBy(desc(reservations.seq)).all();
  const isReserved = (run: Run) =>
    reserved.some(
      ({ port, projectDir, serviceName }) =>
        port === run.port || (projectDir === run.projectDir && serviceName === run.serviceName),
    );
  const since = and(isNotNull(runs.port), isNotNull(runs.endedAtMs), gt(runs.startedAtMs, copiedAtMs));
  const ended = orm.select().from(runs).where(since).orderBy(desc(runs.startedAtMs)).all().map(toRun);
  const lost = new Map<string, NamedPort>();
  for (const run of ended) {
    const key = JSON.stringify([run.projectDir, run.serviceName]);
    if (!lost.has(key) && !isReserved(run)) lost.set(key, nameOf(run));
  }
  return {
    reservations: reserved.slice(0, maxNames),
    running: active
      .toSorted((a, b) => b.startedAtMs - a.startedAtMs)
      .slice(0, maxNames)
      .map(nameOf),
    lost: [...lost.values()].slice(0, maxNames),
  };
}

function nameOf({ port, projectDir, serviceName }: Run): NamedPort {
  return { port, projectDir, serviceName };
}

function newestFirst(records: readonly RunRecord[]): readonly RunRecord[] {
  return records.toSorted((a, b) => b.run.generation - a.run.generation || b.run.startedAtMs - a.run.startedAtMs);
}

interface RunSources {
  readonly records: readonly RunRecord[];
  readonly copied: readonly Run[];
}

/** Restores the runs whose directory exists. A run's own record is always up to date about its start and its end. */
function restoreRuns(orm: Orm, stateDir: string, { records, copied }: RunSources): void {
  const recorded = records.map(({ run }) => withCopied(run, copied));
  const ids = new Set(listRunIds(stateDir));
  for (const { id } of recorded) ids.delete(id);
  const withoutRecord = copied.filter(({ id }) => ids.has(id));
  for (const run of [...recorded, ...withoutRecord]) {
    insertRun(orm, run.endedAtMs === null ? asActive(stateDir, run) : run);
    // A service has at most one active run: of two runs without a recorded end, the older one was replaced.
    const isKnown = orm.select({ id: runs.id }).from(runs).where(eq(runs.id, run.id)).get() !== undefined;
    if (!isKnown) insertRun(orm, asLost(run));
  }
}

/** Adds what only the database knows about a run. */
function withCopied(run: Run, copied: readonly Run[]): Run {
  const known = copied.find(({ id }) => id === run.id);
  if (known === undefined) return run;
  const { logStart, confirmedAtMs } = known;
  return run.endedAtMs === null ? { ...known, shim: known.shim ?? run.shim } : { ...run, logStart, confirmedAtMs };
}

function insertRun(orm: Orm, run: Run): void {
  orm.insert(runs).values(toRunRow(run)).onConflictDoNothing().run();
}

/** Whether the run is over is checked later, by asking the kernel. The shim's pid file shows that it did start. */
function asActive(stateDir: string, run: Run): Run {
  if (readRecord(runDir(stateDir, run.id).pid) === undefined) return run;
  const status = nextStatus(run.status, 'spawned');
  return { ...run, status, confirmedAtMs: run.confirmedAtMs ?? run.startedAtMs };
}

function asLost(run: Run): Run {
  const remains = { hasBegun: true, exitCode: null, exitSignal: null, endedAtMs: run.startedAtMs };
  return applyEvent(run, endEvent(run.status, remains, 'unrequested'));
}

type CopiedService = CopiedRows['services'][number];
type Definition = Pick<CopiedService, 'shell' | 'root' | 'generation' | 'logMaxBytes' | 'logMaxAgeMs'>;

/**
 * Restores the services of the copy and of all runs. A service that runs continues to run; for any other, the copy may be
 * older than the request to stop it. The same applies to a service lock, so it counts as released.
 */
function restoreServices(
  orm: Orm,
  { records, copied }: { readonly records: readonly RunRecord[]; readonly copied: readonly CopiedService[] },
): void {
  for (const { run, transient } of records) {
    const { projectDir, serviceName: name, generation } = run;
    const known = copied.find((service) => service.projectDir === projectDir && service.name === name);
    const { logMaxBytes = null, logMaxAgeMs = null } = known ?? {};
    if (known !== undefined && known.generation >= generation) continue;
    const { shell = null, root = null } = transient ?? {};
    insertService(orm, { projectDir, name }, { shell, root, generation, logMaxBytes, logMaxAgeMs });
  }
  for (const { projectDir, name, ...service } of copied) insertService(orm, { projectDir, name }, service);
}

function insertService(
  orm: Orm,
  { projectDir, name }: { readonly projectDir: string; readonly name: string },
  { shell, root, generation, logMaxBytes, logMaxAgeMs }: Definition,
): void {
  const isHere = and(eq(runs.projectDir, projectDir), eq(runs.serviceName, name));
  const newest = orm
    .select({ generation: max(runs.generation) })
    .from(runs)
    .where(isHere)
    .get();
  const active = orm
    .select({ id: runs.id })
    .from(runs)
    .where(and(isHere, isNull(runs.endedAtMs)))
    .get();
  orm
    .insert(services)
    .values({
      ...{ projectDir, name, shell, root, logMaxBytes, logMaxAgeMs },
      desired: active ? 'up' : 'down',
      generation: Math.max(generation, newest?.generation ?? 0),
      requestVerb: 'start',
      // A process that does not exist, because no process waits for this request.
      requestPid: 0,
      requestStartToken: '',
    })
    .onConflictDoNothing()
    .run();
}

interface ReservationSources {
  /** The runs that are not over. */
  readonly active: readonly Run[];
  readonly copy: CopiedRows | undefined;
  readonly copiedAtMs: number;
}

/** Of two sources that contradict each other about a port or a service, the newer one counts. */
function restoreReservations(orm: Orm, { active, copy, copiedAtMs }: ReservationSources): RestoredRows['reservations'] {
  const copied = (copy?.reservations ?? []).toSorted((a, b) => a.seq - b.seq);
  let issued = Math.max(copy?.cursor?.issued ?? 0, copied.at(-1)?.seq ?? 0);
  const ofRuns = active.flatMap(({ port, projectDir, serviceName, startedAtMs: reservedAtMs }) =>
    port === null ? [] : { port, projectDir, serviceName, reservedAtMs, seq: ++issued },
  );
  const insert = (rows: CopiedRows['reservations']) =>
    rows.filter((row) => orm.insert(reservations).values(row).onConflictDoNothing().run().changes > 0);
  const isNewer = ({ reservedAtMs }: { reservedAtMs: number }) => copy === undefined || reservedAtMs > copiedAtMs;
  const fromNewerRuns = insert(ofRuns.filter(isNewer));
  const fromCopy = insert(copied);
  const fromRuns = [...fromNewerRuns, ...insert(ofRuns)];
  // The search continues after the last port of the copy, or of the runs if there is no copy.
  const last = fromRuns.at(-1) ?? copied.at(-1);
  const nextPort = copy?.cursor?.nextPort ?? (last === undefined ? firstPort : portAfter(last.port));
  if (issued > 0) orm.insert(portCursor).values({ id: 1, nextPort, issued }).run();
  return { fromCopy: fromCopy.length, fromRuns: fromRuns.length };
}
