import type { Candle } from '../candle.ts';
import { parseServiceName } from '../config/service-fields.ts';
import { portReleased, portReserved } from '../events/events.ts';
import { PortSearch, takePort } from '../ports/claim-port.ts';
import type { PortPreference } from '../ports/port-preference.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { PortNotMovableError } from './errors.ts';
import { noReservedPort } from './get-reserved-port.ts';
import type { Reservation } from './reservation.ts';

export interface MovePortsRequest {
  readonly projectDir: string;
  readonly services: readonly MovingService[];
  /** `excludePorts` from the configuration. */
  readonly excludedPorts?: readonly number[] | undefined;
  /** Ports whose only listeners are runs that are about to be replaced; a preferred port may be one of them. */
  readonly soonFree?: readonly number[] | undefined;
}

/** A service, or a further port of one. */
interface MovingService {
  /** The name of its reservation. */
  readonly name: string;
  /** The port setting from the configuration. */
  readonly port?: PortPreference | undefined;
}

export interface PortMove {
  /** Undefined if the service had no reservation. */
  readonly from: Reservation | undefined;
  readonly to: Reservation;
}

/**
 * Moves the given services to other ports, all in one transaction or none. A service with a strict port moves to that
 * port; a service with a preferred port, to that port or the next free one after it; the others, to the next free port.
 * @throws PortNotMovableError for a service that already has its strict port, PortNotAvailableError, NoReservedPortError for
 * a service without a reservation and without a configured port, PortRangeExhaustedError, PortProbeFailedError
 */
export async function movePorts(candle: Candle, request: MovePortsRequest): Promise<readonly PortMove[]> {
  for (const { name } of request.services) parseServiceName(name);
  const moves = await candle.store.reservations.claim((step) => moveAll(candle, step, request));
  const nowMs = candle.clock.nowMs();
  for (const { from } of moves) if (from !== undefined) candle.announce(portReleased(from, nowMs));
  for (const { to } of moves) candle.announce(portReserved(to));
  return moves;
}

/**
 * Releases all old ports first, so that two services can swap their ports. Only a service that requires an old port by
 * number can get it.
 */
async function moveAll(candle: Candle, step: ClaimStep, request: MovePortsRequest): Promise<readonly PortMove[]> {
  const { projectDir, services, excludedPorts: excluded, soonFree } = request;
  const moving = services.map(({ name, port: preference }) => ({
    name,
    preference,
    from: step.find(projectDir, name),
  }));
  for (const { name, preference, from } of moving) {
    if (preference === undefined && from === undefined) throw await noReservedPort(candle, projectDir, name);
    if (from !== undefined && preference?.kind === 'strict' && preference.port === from.port)
      throw new PortNotMovableError(from);
  }
  const released = moving.flatMap(({ from }) => from ?? []);
  for (const { port } of released) step.remove(port);
  const avoided = released.map(({ port }) => port);
  const replaced = services.map(({ name }) => name);
  const moves = new Map<string, PortMove>();
  for (const { name: serviceName, preference, from } of strictFirst(moving)) {
    const claimant = { projectDir, serviceName, excluded, replaced, soonFree };
    const search = new PortSearch(candle, {
      ...claimant,
      preference,
      ...(preference?.kind === 'strict' ? {} : { avoided }),
    });
    // No limit on bind tests: the move must not become visible in parts.
    const found = await search.next(step, { left: Number.POSITIVE_INFINITY });
    if (found === undefined) throw new Error('An unlimited port search returned no port');
    moves.set(serviceName, { from, to: takePort(candle, step, found, { projectDir, serviceName }).reservation });
  }
  return services.flatMap(({ name }) => moves.get(name) ?? []);
}

function strictFirst<T extends { readonly preference: PortPreference | undefined }>(
  moving: readonly T[],
): readonly T[] {
  return moving.toSorted((a, b) => Number(b.preference?.kind === 'strict') - Number(a.preference?.kind === 'strict'));
}
