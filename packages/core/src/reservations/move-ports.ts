import type { Candle } from '../candle.ts';
import { portReleased, portReserved } from '../events/candle-event.ts';
import { takePort } from '../ports/claim-port.ts';
import type { PortPreference } from '../ports/port-preference.ts';
import { PortSearch } from '../ports/port-search.ts';
import { parseServiceName } from '../services/config/service-name.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { PortNotMovableError } from './errors.ts';
import { noReservedPort } from './get-reserved-port.ts';
import type { Reservation } from './reservation.ts';

export interface MovePortsRequest {
  readonly projectDir: string;
  readonly services: readonly MovingService[];
  /** Of the configuration. */
  readonly excludedPorts?: readonly number[] | undefined;
  /** Ports on which nobody listens but runs that are about to be replaced; a number that is wished for may be one. */
  readonly soonFree?: readonly number[] | undefined;
}

interface MovingService {
  readonly name: string;
  /** What its configuration wishes for. */
  readonly port?: PortPreference | undefined;
}

export interface PortMove {
  /** Undefined when the service had none. */
  readonly from: Reservation | undefined;
  readonly to: Reservation;
}

/**
 * Gives other numbers to the named services: all of them move in one step, or none. One that insists on a number moves to
 * that; one that would like a number, to that or the next free one behind it; the others, to the next free one.
 * @throws PortNotMovableError for one that insists on the number it has, PortNotAvailableError, NoReservedPortError for one
 * that has no reservation and wishes for none, PortRangeExhaustedError, PortProbeFailedError
 */
export async function movePorts(candle: Candle, request: MovePortsRequest): Promise<readonly PortMove[]> {
  const { projectDir, services } = request;
  for (const { name } of services) parseServiceName(name);
  const reserved = new Map(
    (await candle.store.reservations.list(projectDir)).map((found) => [found.serviceName, found]),
  );
  for (const { name, port } of services) {
    if (port === undefined && !reserved.has(name)) throw await noReservedPort(candle, projectDir, name);
  }
  const moves = await candle.store.reservations.claim((step) => moveAll(candle, step, request));
  const nowMs = candle.clock.nowMs();
  for (const { from } of moves) if (from !== undefined) candle.announce(portReleased(from, nowMs));
  for (const { to } of moves) candle.announce(portReserved(to));
  return moves;
}

/**
 * All old numbers are given back first, so that two services may exchange theirs; none of them is given to a service that
 * has not asked for it.
 */
async function moveAll(candle: Candle, step: ClaimStep, request: MovePortsRequest): Promise<readonly PortMove[]> {
  const { projectDir, services, excludedPorts: excluded, soonFree } = request;
  const moving = services.map(({ name, port: preference }) => ({
    name,
    preference,
    from: step.find(projectDir, name),
  }));
  for (const { preference, from } of moving) {
    if (from !== undefined && preference?.kind === 'strict' && preference.port === from.port)
      throw new PortNotMovableError(from);
  }
  const left = moving.flatMap(({ from }) => from ?? []);
  for (const { port } of left) step.remove(port);
  const avoided = left.map(({ port }) => port);
  const replaced = services.map(({ name }) => name);
  const moves = new Map<string, PortMove>();
  for (const { name: serviceName, preference, from } of strictFirst(moving)) {
    const claimant = { projectDir, serviceName, excluded, replaced, soonFree };
    const search = new PortSearch(candle, {
      ...claimant,
      preference,
      ...(preference?.kind === 'strict' ? {} : { avoided }),
    });
    // However many tests it takes: a part of a move is not to be seen by anybody.
    const found = await search.next(step, { left: Number.POSITIVE_INFINITY });
    if (found === undefined) throw new Error('A search without bounds has come to none');
    moves.set(serviceName, { from, to: takePort(candle, step, found, { projectDir, serviceName }).reservation });
  }
  return services.flatMap(({ name }) => moves.get(name) ?? []);
}

function strictFirst<T extends { readonly preference: PortPreference | undefined }>(
  moving: readonly T[],
): readonly T[] {
  return moving.toSorted((a, b) => Number(b.preference?.kind === 'strict') - Number(a.preference?.kind === 'strict'));
}
