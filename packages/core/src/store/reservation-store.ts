import { firstPort, type PortInterval, portAfter } from '../ports/port-range.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { Access } from './connection.ts';
import type { Queries } from './database.ts';

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
    find: (projectDir, serviceName) => database.read((access) => find(access, projectDir, serviceName)),
    findByPort: (port) => database.read((access) => findByPort(access, port)),
    list: (projectDir) =>
      database.read((access) =>
        projectDir === undefined
          ? access.list<Reservation>(`${select} ${newestFirst}`)
          : access.list<Reservation>(`${select} WHERE project_dir = ? ${newestFirst}`, projectDir),
      ),
    claim: (work) => database.write((access) => work(claimStep(access))),
    release: ({ projectDir, names, port }) =>
      database.write((access) => {
        const isSelected = ({ port: reserved, serviceName }: Reservation) =>
          (names === undefined || (serviceName !== null && names.includes(serviceName))) &&
          (port === undefined || reserved === port);
        const selected = access.list<Reservation>(`${select} WHERE project_dir = ? ORDER BY port`, projectDir);
        const released = selected.filter(isSelected);
        for (const reservation of released) remove(access, reservation.port);
        return released;
      }),
  };
}

const select =
  'SELECT port, project_dir AS projectDir, service_name AS serviceName, reserved_at_ms AS reservedAtMs FROM reservations';
const newestFirst = 'ORDER BY reserved_at_ms DESC, seq DESC';

function find(access: Access, projectDir: string, serviceName: string): Reservation | undefined {
  return access.find(`${select} WHERE project_dir = ? AND service_name = ?`, projectDir, serviceName);
}

function findByPort(access: Access, port: number): Reservation | undefined {
  return access.find(`${select} WHERE port = ?`, port);
}

function remove(access: Access, port: number): void {
  access.sqlite.prepare('DELETE FROM reservations WHERE port = ?').run(port);
}

function claimStep(access: Access): ClaimStep {
  return {
    find: (projectDir, serviceName) => find(access, projectDir, serviceName),
    findByPort: (port) => findByPort(access, port),
    count: ({ first, last }) =>
      access.find<{ n: number }>('SELECT count(*) AS n FROM reservations WHERE port BETWEEN ? AND ?', first, last)?.n ??
      0,
    isKnownProject: (projectDir) =>
      access.find('SELECT 1 FROM reservations WHERE project_dir = ? LIMIT 1', projectDir) !== undefined,
    cursor: () => findCursor(access)?.nextPort ?? firstPort,
    nextCandidate: (candidates) => nextCandidate(access, candidates),
    listActiveRunsOn: (port) =>
      access.list(
        'SELECT project_dir AS projectDir, service_name AS serviceName FROM runs WHERE port = ? AND ended_at_ms IS NULL',
        port,
      ),
    insert: (reservation, options) => insertReservation(access, reservation, options),
    remove: (port) => remove(access, port),
  };
}

/** Finds the first block that is not full by counting, then the first gap in it by checking the port after each reservation. */
function nextCandidate(access: Access, candidates: readonly PortInterval[]): number | undefined {
  const blocks = JSON.stringify(candidates.flatMap(splitIntoBlocks));
  const query = `
    WITH block AS (
      SELECT value ->> 0 AS first, value ->> 1 AS last FROM json_each(?)
      WHERE (SELECT count(*) FROM reservations WHERE port BETWEEN value ->> 0 AND value ->> 1) < (value ->> 1) - (value ->> 0) + 1
      ORDER BY key LIMIT 1)
    SELECT coalesce(
      (SELECT first WHERE NOT EXISTS (SELECT 1 FROM reservations WHERE port = first)),
      (SELECT taken.port + 1 FROM reservations AS taken
        WHERE taken.port >= first AND taken.port < last
          AND NOT EXISTS (SELECT 1 FROM reservations AS next WHERE next.port = taken.port + 1)
        ORDER BY taken.port LIMIT 1)) AS candidate
    FROM block`;
  return access.find<{ candidate: number }>(query, blocks)?.candidate;
}

function splitIntoBlocks({ first, last }: PortInterval): [number, number][] {
  const blocks: [number, number][] = [];
  for (let at = first; at <= last; at += blockSize) blocks.push([at, Math.min(at + blockSize - 1, last)]);
  return blocks;
}

function findCursor(access: Access): { nextPort: number; issued: number } | undefined {
  return access.find('SELECT next_port AS nextPort, issued FROM port_cursor');
}

export function insertReservation(
  access: Access,
  { port, projectDir, serviceName, reservedAtMs }: Reservation,
  { movesCursor }: { readonly movesCursor: boolean },
): void {
  const last = findCursor(access);
  const issued = (last?.issued ?? 0) + 1;
  const nextPort = movesCursor ? portAfter(port) : (last?.nextPort ?? firstPort);
  access.sqlite
    .prepare('INSERT INTO reservations (port, project_dir, service_name, reserved_at_ms, seq) VALUES (?, ?, ?, ?, ?)')
    .run(port, projectDir, serviceName, reservedAtMs, issued);
  access.sqlite
    .prepare('INSERT OR REPLACE INTO port_cursor (id, next_port, issued) VALUES (1, ?, ?)')
    .run(nextPort, issued);
}
