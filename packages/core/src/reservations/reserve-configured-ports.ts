import type { Candle } from '../candle.ts';
import { isCandleError } from '../errors/candle-error.ts';
import { portReserved } from '../events/events.ts';
import { type PortClaim, PortSearch, takePort, testsPerTransaction } from '../ports/claim-port.ts';
import { expectedListeners, type PortPreference, type RequestedPort } from '../ports/port-preference.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { StrictPortDiffersError } from './errors.ts';
import type { Reservation, StartVerb } from './reservation.ts';

export interface ConfiguredPortsRequest {
  readonly projectDir: string;
  /** The reservations of the project, as listed by the caller. */
  readonly reservations: readonly Reservation[];
  /** All ports that the project asks for, in the order of the configuration. */
  readonly requested: readonly RequestedPort[];
  /** `excludePorts` from the configuration. */
  readonly excludedPorts?: readonly number[] | undefined;
  /** Names of the reservations without which nothing can start: those of the services to be started, and those that they get. */
  readonly needed: readonly string[];
  /** Ports whose only listeners are runs that are about to be replaced; a preferred port may be one of them. */
  readonly soonFree?: readonly number[] | undefined;
  /** For hints; if omitted, `start`. */
  readonly verb?: StartVerb | undefined;
}

export interface ConfiguredPorts {
  /** New reservations only, in the order in which they were made. */
  readonly claims: readonly PortClaim[];
  /** All reservations of the project: those of the request, and those that were made since. */
  readonly reservations: readonly Reservation[];
  /** Ports that are not needed, and why they could not be reserved. */
  readonly failed: readonly { readonly name: string; readonly error: unknown }[];
}

/** Strict ports come before preferred ports, and those before any port. */
const priorityOf = { strict: 0, preferred: 1, auto: 2 } as const;

/**
 * Reserves every requested port that has no reservation. Concurrent starts reserve each once. Existing reservations are kept,
 * whatever their port.
 * @throws PortNotAvailableError, StrictPortDiffersError, PortRangeExhaustedError, PortProbeFailedError for a needed port.
 * Nothing was reserved then, unless earlier bind tests took more than one transaction.
 */
export async function reserveConfiguredPorts(
  candle: Candle,
  request: ConfiguredPortsRequest,
): Promise<ConfiguredPorts> {
  const requesting = request.requested.toSorted((a, b) => priorityOf[a.port.kind] - priorityOf[b.port.kind]);
  const { reservations } = request;
  if (areAllReserved(reservations, requesting)) return { claims: [], reservations, failed: [] };
  const batch = new ReservationBatch(candle, request, requesting);
  const claims: PortClaim[] = [];
  for (;;) {
    const step = await candle.store.reservations.claim((step) => batch.run(step));
    const made = step.claims.filter(({ isNew }) => isNew);
    for (const { reservation } of made) candle.announce(portReserved(reservation));
    claims.push(...made);
    if (!step.isDone) continue;
    const current = step.claims.map(({ reservation }) => reservation);
    return { claims, reservations: withNewReservations(reservations, current), failed: step.failed };
  }
}

/** Usually all ports are already reserved, and nothing has to wait for the write lock. */
function areAllReserved(reservations: readonly Reservation[], requesting: readonly RequestedPort[]): boolean {
  const reserved = new Map(reservations.map((found) => [found.serviceName, found]));
  return requesting.every(({ name, port }) => {
    const found = reserved.get(name);
    return found !== undefined && findStrictMismatch(found, port) === undefined;
  });
}

/** The strict port that is requested while another port is reserved. */
function findStrictMismatch({ port }: Reservation, preference: PortPreference): number | undefined {
  return preference.kind === 'strict' && preference.port !== port ? preference.port : undefined;
}

interface BatchResult extends Pick<ConfiguredPorts, 'failed'> {
  /** Of the ports that were processed, also of those that already had a reservation. */
  readonly claims: readonly PortClaim[];
  readonly isDone: boolean;
}

/** Runs in consecutive transactions until every port has been processed. */
class ReservationBatch {
  readonly #candle: Candle;
  readonly #request: ConfiguredPortsRequest;
  readonly #requesting: readonly RequestedPort[];
  readonly #searches: ReadonlyMap<string, PortSearch>;

  constructor(candle: Candle, request: ConfiguredPortsRequest, requesting: readonly RequestedPort[]) {
    const { projectDir, excludedPorts: excluded, soonFree = [] } = request;
    this.#candle = candle;
    this.#request = request;
    this.#requesting = requesting;
    this.#searches = new Map(
      requesting.map((requested) => {
        const { name: serviceName, port: preference } = requested;
        const claimant = {
          projectDir,
          serviceName,
          excluded,
          soonFree: [...soonFree, ...expectedListeners(requested)],
        };
        return [serviceName, new PortSearch(candle, { ...claimant, preference })];
      }),
    );
  }

  async run(step: ClaimStep): Promise<BatchResult> {
    const budget = { left: testsPerTransaction };
    const claims: PortClaim[] = [];
    const failed: { name: string; error: unknown }[] = [];
    for (const requested of this.#requesting) {
      try {
        const claim = await this.#reserve(step, requested, budget);
        if (claim === undefined) return { claims, failed, isDone: false };
        claims.push(claim);
      } catch (error) {
        if (!isCandleError(error) || this.#request.needed.includes(requested.name)) throw error;
        failed.push({ name: requested.name, error });
      }
    }
    return { claims, failed, isDone: true };
  }

  /** Undefined if the search continues in the next transaction. */
  async #reserve(
    step: ClaimStep,
    { name, port, serviceName }: RequestedPort,
    budget: { left: number },
  ): Promise<PortClaim | undefined> {
    const { projectDir, verb } = this.#request;
    const existing = step.find(projectDir, name);
    if (existing !== undefined) {
      const wanted = findStrictMismatch(existing, port);
      if (wanted !== undefined)
        throw new StrictPortDiffersError(existing, wanted, { canMove: serviceName !== null, verb });
      return { reservation: existing, isNew: false, isNewProject: false };
    }
    const found = await this.#searches.get(name)?.next(step, budget);
    return found && takePort(this.#candle, step, found, { projectDir, serviceName: name });
  }
}

/** The reservations of a project after some of its services got a new one. Pure. */
export function withNewReservations(
  reservations: readonly Reservation[],
  added: readonly Reservation[],
): readonly Reservation[] {
  const services = new Set(added.map(({ serviceName }) => serviceName));
  return [...reservations.filter(({ serviceName }) => !services.has(serviceName)), ...added];
}
