import type { Candle } from '../candle.ts';
import type { ServiceConfig } from '../config/config-schema.ts';
import { isCandleError } from '../errors/candle-error.ts';
import { portReserved } from '../events/events.ts';
import { type PortClaim, PortSearch, takePort, testsPerTransaction } from '../ports/claim-port.ts';
import type { PortPreference } from '../ports/port-preference.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { StrictPortDiffersError } from './errors.ts';
import type { Reservation } from './reservation.ts';

export interface ConfiguredPortsRequest {
  readonly projectDir: string;
  /** The reservations of the project, as listed by the caller. */
  readonly reservations: readonly Reservation[];
  /** All services, in the order of the configuration. */
  readonly services: readonly Pick<ServiceConfig, 'name' | 'port'>[];
  /** `excludePorts` from the configuration. */
  readonly excludedPorts?: readonly number[] | undefined;
  /** Names of the services that must get a port: those to be started, and those that they refer to. */
  readonly needed: readonly string[];
  /** Ports whose only listeners are runs that are about to be replaced; a preferred port may be one of them. */
  readonly soonFree?: readonly number[] | undefined;
}

export interface ConfiguredPorts {
  /** New reservations only, in the order in which they were made. */
  readonly claims: readonly PortClaim[];
  /** All reservations of the project: those of the request, and those that were made since. */
  readonly reservations: readonly Reservation[];
  /** Services that are not needed, and why they did not get their configured port. */
  readonly failed: readonly { readonly serviceName: string; readonly error: unknown }[];
}

interface RequestingService {
  readonly name: string;
  readonly port: PortPreference;
}

/** Strict ports come before preferred ports, and those before services that take any port. */
const priorityOf = { strict: 0, preferred: 1, auto: 2 } as const;

/**
 * Reserves a port for every service that has a port setting but no reservation. Concurrent starts give each service one
 * port. Existing reservations are kept, whatever their port.
 * @throws PortNotAvailableError, StrictPortDiffersError, PortRangeExhaustedError, PortProbeFailedError for a needed service.
 * Nothing was reserved then, unless earlier bind tests took more than one transaction.
 */
export async function reserveConfiguredPorts(
  candle: Candle,
  request: ConfiguredPortsRequest,
): Promise<ConfiguredPorts> {
  const requesting = request.services
    .flatMap(({ name, port }) => (port === undefined ? [] : [{ name, port }]))
    .toSorted((a, b) => priorityOf[a.port.kind] - priorityOf[b.port.kind]);
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
function areAllReserved(reservations: readonly Reservation[], requesting: readonly RequestingService[]): boolean {
  const reserved = new Map(reservations.map((found) => [found.serviceName, found]));
  return requesting.every(({ name, port }) => {
    const found = reserved.get(name);
    return found !== undefined && findStrictMismatch(found, port) === undefined;
  });
}

/** The strict port of a service that has another port reserved. */
function findStrictMismatch({ port }: Reservation, preference: PortPreference): number | undefined {
  return preference.kind === 'strict' && preference.port !== port ? preference.port : undefined;
}

interface BatchResult extends Pick<ConfiguredPorts, 'failed'> {
  /** Of the services that were processed, also of those that already had a reservation. */
  readonly claims: readonly PortClaim[];
  readonly isDone: boolean;
}

/** Runs in consecutive transactions until every service has been processed. */
class ReservationBatch {
  readonly #candle: Candle;
  readonly #request: ConfiguredPortsRequest;
  readonly #requesting: readonly RequestingService[];
  readonly #searches: ReadonlyMap<string, PortSearch>;

  constructor(candle: Candle, request: ConfiguredPortsRequest, requesting: readonly RequestingService[]) {
    const { projectDir, excludedPorts: excluded, soonFree } = request;
    this.#candle = candle;
    this.#request = request;
    this.#requesting = requesting;
    this.#searches = new Map(
      requesting.map(({ name, port: preference }) => [
        name,
        new PortSearch(candle, { projectDir, serviceName: name, preference, excluded, soonFree }),
      ]),
    );
  }

  async run(step: ClaimStep): Promise<BatchResult> {
    const budget = { left: testsPerTransaction };
    const claims: PortClaim[] = [];
    const failed: { serviceName: string; error: unknown }[] = [];
    for (const service of this.#requesting) {
      try {
        const claim = await this.#reserve(step, service, budget);
        if (claim === undefined) return { claims, failed, isDone: false };
        claims.push(claim);
      } catch (error) {
        if (!isCandleError(error) || this.#request.needed.includes(service.name)) throw error;
        failed.push({ serviceName: service.name, error });
      }
    }
    return { claims, failed, isDone: true };
  }

  /** Undefined if the search continues in the next transaction. */
  async #reserve(
    step: ClaimStep,
    { name, port }: RequestingService,
    budget: { left: number },
  ): Promise<PortClaim | undefined> {
    const { projectDir } = this.#request;
    const existing = step.find(projectDir, name);
    if (existing !== undefined) {
      const wanted = findStrictMismatch(existing, port);
      if (wanted !== undefined) throw new StrictPortDiffersError(existing, wanted);
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
