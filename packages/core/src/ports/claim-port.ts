import type { Candle } from '../candle.ts';
import { portReserved } from '../events/candle-event.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { type FoundPort, type PortFallback, PortSearch, type SearchRequest } from './port-search.ts';

/** Bind tests per transaction. Between two transactions, other processes can take the write lock. */
export const testsPerTransaction = 256;

/** A claim for a service, or (without a name) for the project itself; for the next free port or a preferred port. */
export type PortClaimRequest = SearchRequest;

export interface PortClaim {
  readonly reservation: Reservation;
  /** False when the service already had this reservation. */
  readonly isNew: boolean;
  /** True for the first reservation of the project. */
  readonly isNewProject: boolean;
  /** The preferred port, when another one was assigned. */
  readonly fallback?: PortFallback;
}

/**
 * Reserves a port. The bind test runs under the write lock, because two processes that test the same port at once would
 * see each other's test as a listener. N concurrent claims therefore get the same ports as N consecutive ones.
 * @throws PortNotAvailableError, PortRangeExhaustedError, PortProbeFailedError
 */
export async function claimPort(candle: Candle, request: PortClaimRequest): Promise<PortClaim> {
  const { projectDir, serviceName } = request;
  const search = new PortSearch(candle, request);
  for (;;) {
    const claim = await candle.store.reservations.claim(async (step): Promise<PortClaim | undefined> => {
      const existing = serviceName === undefined ? undefined : step.find(projectDir, serviceName);
      if (existing) return { reservation: existing, isNew: false, isNewProject: false };
      const found = await search.next(step, { left: testsPerTransaction });
      return found && takePort(candle, step, found, request);
    });
    if (claim === undefined) continue;
    if (claim.isNew) candle.announce(portReserved(claim.reservation));
    return claim;
  }
}

/** Stores the reservation of a port that was found. */
export function takePort(
  { clock }: Candle,
  step: ClaimStep,
  { port, movesCursor, fallback }: FoundPort,
  { projectDir, serviceName }: Pick<PortClaimRequest, 'projectDir' | 'serviceName'>,
): PortClaim {
  const isNewProject = !step.isKnownProject(projectDir);
  const reservation = { port, projectDir, serviceName: serviceName ?? null, reservedAtMs: clock.nowMs() };
  step.insert(reservation, { movesCursor });
  return { reservation, isNew: true, isNewProject, ...(fallback === undefined ? {} : { fallback }) };
}
