import { and, between, count, desc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { firstPort, type PortInterval, portAfter } from '../ports/port-range.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { Orm, Queries } from './database.ts';
import { portCursor, reservations, runs } from './schema.ts';

/** The operations of a claim, under the write lock. */
export interface ClaimStep {
  find(projectDir: string, serviceName: string): Reservation | undefined;
  findByPort(port: number): Reservation | undefined;
  isKnownProject(projectDir: string): boolean;
  /** The number of reserved ports in a range. */
  count(range: PortInterval): number;
  /** The port after the last one that was assigned. */
  cursor(): number;
  /** The first unreserved port in candidate order. */
  nextCandidate(candidates: readonly PortInterval[]): number | undefined;
  /** The services with an active run that was started with this port. */
  listActiveRunsOn(port: number): readonly ServiceOfRun[];
  /** Reserves the port. The cursor moves after it if `movesCursor` is set. */
  insert(reservation: Reservation, options: { readonly movesCursor: boolean }): void;
  /** Removes the reservation of the port. */
  remove(port: number): void;
}

interface ServiceOfRun {
  readonly projectDir: string;
  readonly serviceName: string;
}

/** Which reservations to release: one port, those with these names or, if neither is given, all of the project. */
export interface ReservationSelection {
  readonly projectDir: string;
  readonly names?: readonly string[] | undefined;
  readonly port?: number | undefined;
}

export interface ReservationStore {
  find(projectDir: string, serviceName: string): Promise<Reservation | undefined>;
  findByPort(port: number): Promise<Reservation | undefined>;
  /** Lists reservations of one project or of all, newest first. */
  list(projectDir?: string): Promise<readonly Reservation[]>;
  /** Runs `work` in one transaction that is exclusive among all processes. If it throws, nothing is stored. */
  claim<T>(work: (step: ClaimStep) => Promise<T>): Promise<T>;
  /** Removes and returns the reservations, in order of port. */
  release(selection: ReservationSelection): Promise<readonly Reservation[]>;
}

/** Ports per block. The reservations of a block are counted at once, so that a full block is skipped without checking each port. */
const blockSize = 512;

export function createReservationStore(database: Queries): ReservationStore {
  return {
    find: (projectDir, serviceName) => database.read((orm) => find(orm, projectDir, serviceName)),
    findByPort: (port) => database.read((orm) => findByPort(orm, port)),
    list: (projectDir) =>
      database.read((orm) =>
        orm
          .select(columns)
          .from(reservations)
          .where(projectDir === undefined ? undefined : eq(reservations.projectDir, projectDir))
          .orderBy(desc(reservations.reservedAtMs), desc(reservations.seq))
          .all(),
      ),
    claim: (work) => database.write((orm) => work(claimStep(orm))),
    release: ({ projectDir, names, port }) =>
      database.write((orm) =>
        orm
          .delete(reservations)
          .where(
            and(
              eq(reservations.projectDir, projectDir),
              names === undefined ? undefined : inArray(reservations.serviceName, [...names]),
              port === undefined ? undefined : eq(reservations.port, port),
            ),
          )
          .returning(columns)
          .all()
          .sort((a, b) => a.port - b.port),
      ),
  };
}

const columns = {
  port: reservations.port,
  projectDir: reservations.projectDir,
  serviceName: reservations.serviceName,
  reservedAtMs: reservations.reservedAtMs,
};

function find(orm: Orm, projectDir: string, serviceName: string): Reservation | undefined {
  return orm
    .select(columns)
    .from(reservations)
    .where(
      and(
        eq(reservations.projectDir, projectDir),
        eq(reservations.serviceName, serviceName),
        isNotNull(reservations.serviceName),
      ),
    )
    .get();
}

function findByPort(orm: Orm, port: number): Reservation | undefined {
  return orm.select(columns).from(reservations).where(eq(reservations.port, port)).get();
}

function claimStep(orm: Orm): ClaimStep {
  return {
    find: (projectDir, serviceName) => find(orm, projectDir, serviceName),
    findByPort: (port) => findByPort(orm, port),
    count: ({ first, last }) =>
      orm
        .select({ n: count() })
        .from(reservations)
        .where(between(reservations.port, first, last))
        .get()?.n ?? 0,
    isKnownProject: (projectDir) =>
      orm.select(columns).from(reservations).where(eq(reservations.projectDir, projectDir)).limit(1).get() !==
      undefined,
    cursor: () => orm.select({ next: portCursor.nextPort }).from(portCursor).get()?.next ?? firstPort,
    nextCandidate: (candidates) => nextCandidate(orm, candidates),
    listActiveRunsOn: (port) =>
      orm
        .select({ projectDir: runs.projectDir, serviceName: runs.serviceName })
        .from(runs)
        .where(and(eq(runs.port, port), isNull(runs.endedAtMs)))
        .all(),
    insert: (reservation, options) => insertReservation(orm, reservation, options),
    remove: (port) => orm.delete(reservations).where(eq(reservations.port, port)).run(),
  };
}

/** Finds the first block that is not full by counting, then the first gap in it by checking the port after each reservation. */
function nextCandidate(orm: Orm, candidates: readonly PortInterval[]): number | undefined {
  const blocks = JSON.stringify(candidates.flatMap(splitIntoBlocks));
  const row = orm.get<{ candidate: number } | undefined>(sql`
    WITH block AS (
      SELECT value ->> 0 AS first, value ->> 1 AS last FROM json_each(${blocks})
      WHERE (SELECT count(*) FROM reservations WHERE port BETWEEN value ->> 0 AND value ->> 1) < (value ->> 1) - (value ->> 0) + 1
      ORDER BY key LIMIT 1)
    SELECT coalesce(
      (SELECT first WHERE NOT EXISTS (SELECT 1 FROM reservations WHERE port = first)),
      (SELECT taken.port + 1 FROM reservations AS taken
        WHERE taken.port >= first AND taken.port < last
          AND NOT EXISTS (SELECT 1 FROM reservations AS next WHERE next.port = taken.port + 1)
        ORDER BY taken.port LIMIT 1)) AS candidate
    FROM block`);
  return row?.candidate;
}

function splitIntoBlocks({ first, last }: PortInterval): [number, number][] {
  const blocks: [number, number][] = [];
  for (let at = first; at <= last; at += blockSize) blocks.push([at, Math.min(at + blockSize - 1, last)]);
  return blocks;
}

export function insertReservation(
  orm: Orm,
  reservation: Reservation,
  { movesCursor }: { readonly movesCursor: boolean },
): void {
  const last = orm.select({ nextPort: portCursor.nextPort, issued: portCursor.issued }).from(portCursor).get();
  const issued = (last?.issued ?? 0) + 1;
  orm
    .insert(reservations)
    .values({ ...reservation, seq: issued })
    .run();
  const cursor = { nextPort: movesCursor ? portAfter(reservation.port) : (last?.nextPort ?? firstPort), issued };
  orm
    .insert(portCursor)
    .values({ id: 1, ...cursor })
    .onConflictDoUpdate({ target: portCursor.id, set: cursor })
    .run();
}
