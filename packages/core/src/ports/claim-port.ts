import type { Candle } from '../candle.ts';
import { portReserved } from '../events/candle-event.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { PortRangeExhaustedError } from './errors.ts';
import { firstPort, lastPort, type PortInterval, portRangeSize } from './port-range.ts';
import { portTurn, turnAfter } from './port-turn.ts';
import type { PortWish } from './port-wish.ts';

/** Bind tests in one transaction: other processes that wait for the write lock get a turn in between. */
const candidatesPerTransaction = 256;

export interface PortClaimRequest {
  readonly projectDir: string;
  /** Without it, the port is the project's own. */
  readonly serviceName?: string | undefined;
  /** Without it, the next free number. */
  readonly wish?: PortWish | undefined;
  /** Numbers that this project does not want. */
  readonly excluded?: readonly number[] | undefined;
}

/** Why a preferred number was not to be had. */
export type Displacement = { readonly port: number } & (
  | { readonly by: 'reserved'; readonly reservation: Reservation }
  | { readonly by: 'listener' }
  | { readonly by: 'excluded' }
);

export interface PortClaim {
  readonly reservation: Reservation;
  /** False when the service already had this reservation. */
  readonly isNew: boolean;
  /** True when it is the first reservation of its project. */
  readonly isNewProject: boolean;
  /** The number that was preferred, when another was given. */
  readonly displaced?: Displacement;
}

/**
 * Hands out the next free port. The bind test happens under the write lock, because two processes that test at once
 * see each other's test as a listener; so N claims at once give the numbers that N in a row would.
 * @throws PortRangeExhaustedError, PortProbeFailedError
 */
export async function claimPort(candle: Candle, request: PortClaimRequest): Promise<PortClaim> {
  let turn: PortInterval[] | undefined;
  let inUse = 0;
  for (;;) {
    const outcome = await candle.store.reservations.claim(async (step): Promise<PortClaim | 'go on' | 'exhausted'> => {
      const existing =
        request.serviceName === undefined ? undefined : step.find(request.projectDir, request.serviceName);
      if (existing) return { reservation: existing, isNew: false, isNewProject: false };
      turn ??= portTurn(step.cursor(), candle.ephemeralRange);
      for (let tested = 0; tested < candidatesPerTransaction; tested++) {
        const port = step.nextCandidate(turn);
        if (port === undefined) return 'exhausted';
        turn = turnAfter(turn, port);
        if (await isFree(candle, step, port)) return insert(candle, step, port, request);
        inUse++;
      }
      return 'go on';
    });
    if (outcome === 'exhausted') {
      const reserved = await candle.store.reservations.count();
      throw new PortRangeExhaustedError(
        { first: firstPort, last: lastPort },
        reserved,
        Math.min(inUse, portRangeSize - reserved),
      );
    }
    if (outcome === 'go on') continue;
    if (outcome.isNew) candle.announce(portReserved(outcome.reservation));
    return outcome;
  }
}

/** The port of a service that runs is never bind-tested: the test could make the service's own bind fail. */
async function isFree(candle: Candle, step: ClaimStep, port: number): Promise<boolean> {
  return !step.isPortOfActiveRun(port) && (await candle.portProbe.isFree(port));
}

function insert(candle: Candle, step: ClaimStep, port: number, request: PortClaimRequest): PortClaim {
  const isNewProject = !step.isKnownProject(request.projectDir);
  const reservation: Reservation = {
    port,
    projectDir: request.projectDir,
    serviceName: request.serviceName ?? null,
    reservedAtMs: candle.clock.nowMs(),
  };
  step.insert(reservation);
  return { reservation, isNew: true, isNewProject };
}
