import { firstPort, lastPort, portAfter } from '../../ports/port-range.ts';
import type { RunRecord } from '../../runs/run-record.ts';
import type { Orm } from '../database.ts';
import { portCursor, reservations } from '../schema.ts';
import { isIn, type Salvage, type SalvagedReservation } from './salvage.ts';
import type { KeyRange } from './walk-table.ts';

export interface RestoredReservations {
  /** How many came from the damaged database, from its copy, and from running services. */
  readonly fromDatabase: number;
  readonly fromCopy: number;
  readonly fromRuns: number;
  /** Ports that may have been reserved by an unknown project. */
  readonly lost: readonly KeyRange[];
}

interface Sources {
  readonly database: Salvage;
  readonly copy: Salvage | undefined;
  /** The runs that are not over. */
  readonly activeRuns: readonly RunRecord['run'][];
  readonly nowMs: number;
}

/**
 * Restores the reservations. The damaged database has priority, even where it shows that a port is not reserved. Its copy
 * and the running services fill only the ports that could not be read. A released port is never restored.
 */
export function restoreReservations(orm: Orm, { database, copy, activeRuns, nowMs }: Sources): RestoredReservations {
  const isOpen = ({ port }: { port: number }) => isIn(database.unreadPorts, port);
  let lastSeq = 0;
  // A reservation whose time is unknown is ordered after the others.
  const insert = ({ reservedAtMs = nowMs, seq = lastSeq + 1, ...found }: SalvagedReservation): boolean => {
    lastSeq = Math.max(lastSeq, seq);
    const row = { ...found, reservedAtMs, seq };
    return orm.insert(reservations).values(row).onConflictDoNothing().run().changes > 0;
  };
  const add = (found: readonly SalvagedReservation[]) => inOrder(found).filter(insert).length;
  const fromDatabase = add(database.reservations);
  const fromCopy = add((copy?.reservations ?? []).filter(isOpen));
  const fromRuns = add(activeRuns.flatMap(portOfRun).filter(isOpen));
  const restored = orm.select({ port: reservations.port }).from(reservations).orderBy(reservations.port).all();
  restoreCursor(orm, { database, copy });
  const ports = restored.map(({ port }) => port);
  const lost = without(database.unreadPorts, ports).flatMap((range) =>
    everIssued(range, database.cursor, ports.at(-1)),
  );
  return { fromDatabase, fromCopy, fromRuns, lost };
}

function inOrder(found: readonly SalvagedReservation[]): readonly SalvagedReservation[] {
  return found.toSorted((a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity) || a.port - b.port);
}

function portOfRun({ port, projectDir, serviceName, startedAtMs }: RunRecord['run']): SalvagedReservation[] {
  return port === null ? [] : [{ port, projectDir, serviceName, reservedAtMs: startedAtMs, seq: undefined }];
}

type Cursor = NonNullable<Salvage['cursor']>;

/** Restores the cursor of the damaged database, otherwise the farthest one: that of the copy, or the port after the newest reservation. */
function restoreCursor(orm: Orm, { database, copy }: { database: Salvage; copy: Salvage | undefined }): void {
  const rows = orm.select({ port: reservations.port, issued: reservations.seq }).from(reservations).all();
  const candidates = rows.map(({ port, issued }) => ({ nextPort: portAfter(port), issued }));
  if (copy?.cursor) candidates.push(copy.cursor);
  const farthest = candidates.reduce<Cursor | undefined>((a, b) => (a && a.issued >= b.issued ? a : b), undefined);
  const cursor = database.cursor
    ? { ...database.cursor, issued: Math.max(database.cursor.issued, farthest?.issued ?? 0) }
    : farthest;
  if (cursor) {
    orm
      .insert(portCursor)
      .values({ id: 1, ...cursor })
      .onConflictDoNothing()
      .run();
  }
}

/** Until the search wraps around for the first time, no port at or after the cursor was ever assigned. */
function everIssued({ first, last }: KeyRange, cursor: Cursor | undefined, highest = firstPort): readonly KeyRange[] {
  const hasWrapped = cursor === undefined || cursor.issued > cursor.nextPort - firstPort;
  const end = hasWrapped ? last : Math.min(last, Math.max(cursor.nextPort - 1, highest));
  return first <= end ? [{ first, last: end }] : [];
}

/** The ranges without these ports and without overlaps. */
function without(ranges: readonly KeyRange[], ports: readonly number[]): readonly KeyRange[] {
  const left: KeyRange[] = [];
  const taken = new Set(ports);
  const merged = ranges.toSorted((a, b) => a.first - b.first);
  let next = firstPort;
  for (const { first, last } of merged) {
    let begin: number | undefined;
    for (let port = Math.max(first, next); port <= Math.min(last, lastPort); port++) {
      if (!taken.has(port)) begin ??= port;
      else if (begin !== undefined) {
        left.push({ first: begin, last: port - 1 });
        begin = undefined;
      }
    }
    next = Math.max(next, last + 1);
    if (begin !== undefined) left.push({ first: begin, last: Math.min(last, lastPort) });
  }
  return left;
}
