import { findServiceNameProblem } from '../../config/service-name.ts';
import { minPreferredPort } from '../../ports/port-preference.ts';
import { firstPort, lastPort } from '../../ports/port-range.ts';
import type { Reservation } from '../../reservations/reservation.ts';
import { type PageFile, readPages } from './page-file.ts';
import { findRow, type Layout, type Row, rootsIn } from './table-layout.ts';
import { walkIndex } from './walk-index.ts';
import { type KeyRange, walkTable } from './walk-table.ts';

/** A reservation that was read. Its time is unknown if only an index contains it. */
export interface SalvagedReservation extends Omit<Reservation, 'reservedAtMs'> {
  readonly reservedAtMs: number | undefined;
  readonly seq: number | undefined;
}

export interface SalvagedRows {
  readonly rows: readonly Row[];
  /** False if there may have been more rows. */
  readonly isWhole: boolean;
}

/** The readable content of a damaged database. */
export interface Salvage {
  readonly reservations: readonly SalvagedReservation[];
  /** Ports whose reservations could not be read. Every other port that has no reservation here had none. */
  readonly unreadPorts: readonly KeyRange[];
  readonly cursor: { readonly nextPort: number; readonly issued: number } | undefined;
  readonly services: SalvagedRows;
  readonly runs: SalvagedRows;
}

/** Reads the pages without SQLite, which rejects a file without its beginning and stops at the first missing page. */
export function salvage(files: { database: Buffer; log: Buffer }, layout: Layout): Salvage {
  const file = readPages(files);
  const roots = rootsIn(file, layout);
  return {
    ...salvageReservations(file, roots, layout),
    cursor: salvageCursor(file, roots, layout),
    services: salvageRows(file, roots, layout, 'services'),
    runs: salvageRows(file, roots, layout, 'runs'),
  };
}

function salvageReservations(file: PageFile, roots: ReadonlyMap<string, number>, layout: Layout) {
  const walk = walkTable(file, roots.get('reservations') ?? 0);
  const found = new Map<number, SalvagedReservation>();
  const unread = walk.unread.map(ofPorts);
  for (const [rowid, values] of walk.rows) {
    const row = findRow(layout.columns.reservations ?? [], rowid, values);
    const reservation = row && toReservation(row);
    if (reservation === undefined) unread.push({ first: rowid, last: rowid });
    else found.set(reservation.port, reservation);
  }
  const unreadPorts = unread.filter(({ first, last }) => first <= last);
  const missed = indexedReservations(file, roots).filter(({ port }) => !found.has(port));
  for (const reservation of missed) found.set(reservation.port, reservation);
  const nameless = portsOfProjects(file, roots).filter((port) => !found.has(port));
  const isCertain = [...missed.map(({ port }) => port), ...nameless].every((port) => isIn(unreadPorts, port));
  // A page that looks intact does not belong to the table (a block was written to the wrong place), so nothing is certain.
  if (!isCertain) unreadPorts.push({ first: minPreferredPort, last: lastPort });
  return { reservations: [...found.values()], unreadPorts };
}

/** An index also contains the reservations of services, except for their time. */
function indexedReservations(file: PageFile, roots: ReadonlyMap<string, number>): readonly SalvagedReservation[] {
  return walkIndex(file, roots.get('reservations_one_per_service') ?? 0).flatMap(([projectDir, serviceName, port]) => {
    // The entry belongs to the other index, whose entries are shorter.
    if (port === undefined || typeof serviceName !== 'string') return [];
    return toReservation({ project_dir: projectDir ?? null, service_name: serviceName, port }) ?? [];
  });
}

/** This index contains every port, but not its service. */
function portsOfProjects(file: PageFile, roots: ReadonlyMap<string, number>): readonly number[] {
  return walkIndex(file, roots.get('reservations_by_project') ?? 0).flatMap(([, port, more]) =>
    typeof port === 'number' && more === undefined ? port : [],
  );
}

function toReservation(row: Row): SalvagedReservation | undefined {
  const { port, project_dir: projectDir, service_name: serviceName, reserved_at_ms: since, seq } = row;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > lastPort) return undefined;
  if (typeof projectDir !== 'string' || !projectDir.startsWith('/')) return undefined;
  if (serviceName === undefined || typeof serviceName === 'number') return undefined;
  if (serviceName !== null && findServiceNameProblem(serviceName) !== undefined) return undefined;
  const reservedAtMs = typeof since === 'number' && since >= 0 ? since : undefined;
  return { port, projectDir, serviceName, reservedAtMs, seq: typeof seq === 'number' ? seq : undefined };
}

function salvageCursor(file: PageFile, roots: ReadonlyMap<string, number>, layout: Layout): Salvage['cursor'] {
  const { rows, unread } = walkTable(file, roots.get('port_cursor') ?? 0);
  const values = unread.length === 0 ? rows.get(1) : undefined;
  const row = values && findRow(layout.columns.port_cursor ?? [], 1, values);
  const { next_port: nextPort, issued } = row ?? {};
  if (typeof nextPort !== 'number' || nextPort < firstPort || nextPort > lastPort) return undefined;
  return typeof issued === 'number' && issued >= 0 ? { nextPort, issued } : undefined;
}

function salvageRows(
  file: PageFile,
  roots: ReadonlyMap<string, number>,
  layout: Layout,
  table: 'services' | 'runs',
): SalvagedRows {
  const walk = walkTable(file, roots.get(table) ?? 0);
  const columns = layout.columns[table] ?? [];
  const rows = [...walk.rows]
    .map(([rowid, values]) => findRow(columns, rowid, values))
    .filter((row) => row !== undefined);
  return { rows, isWhole: walk.unread.length === 0 && rows.length === walk.rows.size };
}

function ofPorts({ first, last }: KeyRange): KeyRange {
  return { first: Math.max(first, minPreferredPort), last: Math.min(last, lastPort) };
}

export function isIn(ranges: readonly KeyRange[], key: number): boolean {
  return ranges.some(({ first, last }) => first <= key && key <= last);
}
