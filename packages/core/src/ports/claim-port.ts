import type { Candle } from '../candle.ts';
import { portReserved } from '../events/candle-event.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { type FoundPort, type PortFallback, PortSearch, type SearchRequest } from './port-search.ts';

/** Bind tests in one transaction: other processes that wait for the write lock get a turn in between. */
export const testsPerTransaction = 256;

/** For a service, or (without a name) for the project itself; for the next free number, or for the one that is wished for. */
export type PortClaimRequest = SearchRequest;

export interface PortClaim {
  readonly reservation: Reservation;
  /** False when the service already had this reservation. */
  readonly isNew: boolean;
  /** True when it is the first reservation of its project. */
  readonly isNewProject: boolean;
  /** The number that was preferred, when another was given. */
  readonly fallback?: PortFallback;
}

/**
 * Hands out a port. The bind test happens under the write lock, because two processes that test at once
 * see each other's test as a listener; so N claims at once give the numbers that N in a row would.
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

/** Writes down that a port which was found belongs to who asked for it. */
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
