import type { Candle } from '../candle.ts';
import { isCandleError } from '../errors/candle-error.ts';
import { portReserved } from '../events/candle-event.ts';
import { type PortClaim, takePort, testsPerTransaction } from '../ports/claim-port.ts';
import type { PortPreference } from '../ports/port-preference.ts';
import { PortSearch } from '../ports/port-search.ts';
import type { ServiceConfig } from '../services/config/service-config.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { StrictPortDiffersError } from './errors.ts';
import type { Reservation } from './reservation.ts';

export interface ConfiguredPortsRequest {
  readonly projectDir: string;
  /** All services of the configuration, in its order. */
  readonly services: readonly Pick<ServiceConfig, 'name' | 'port'>[];
  /** Of the configuration. */
  readonly excludedPorts?: readonly number[] | undefined;
  /** Names of those that cannot do without: what is to be started, and what that refers to. */
  readonly needed: readonly string[];
  /** Ports on which nobody listens but runs that are about to be replaced; a number that is wished for may be one. */
  readonly soonFree?: readonly number[] | undefined;
}

export interface ConfiguredPorts {
  /** New ones only, in the order in which they were made. */
  readonly claims: readonly PortClaim[];
  /** Services that are not needed, and why they do not have the port that they wish for. */
  readonly failed: readonly { readonly serviceName: string; readonly error: unknown }[];
}

interface RequestingService {
  readonly name: string;
  readonly port: PortPreference;
}

/** Who insists on a number comes before who would like to have it, and any number will do for the rest. */
const turnOf = { strict: 0, preferred: 1, auto: 2 } as const;

/**
 * Reserves a port for every service that wishes for one and has none, so that many starts at once give each service one
 * port; a reservation that is there stays, whatever its number.
 * @throws PortNotAvailableError, StrictPortDiffersError, PortRangeExhaustedError, PortProbeFailedError for a service that is
 * needed: then nothing was reserved, unless a great many ports had to be tested before
 */
export async function reserveConfiguredPorts(
  candle: Candle,
  request: ConfiguredPortsRequest,
): Promise<ConfiguredPorts> {
  const requesting = request.services
    .flatMap(({ name, port }) => (port === undefined ? [] : [{ name, port }]))
    .toSorted((a, b) => turnOf[a.port.kind] - turnOf[b.port.kind]);
  if (await areContent(candle, request.projectDir, requesting)) return { claims: [], failed: [] };
  const round = new Round(candle, request, requesting);
  const claims: PortClaim[] = [];
  for (;;) {
    const step = await candle.store.reservations.claim((step) => round.run(step));
    for (const { reservation } of step.claims) candle.announce(portReserved(reservation));
    claims.push(...step.claims);
    if (step.isDone) return { claims, failed: step.failed };
  }
}

/** Mostly everything was reserved long ago, and then nobody has to wait for the write lock. */
async function areContent(
  { store }: Candle,
  projectDir: string,
  requesting: readonly RequestingService[],
): Promise<boolean> {
  if (requesting.length === 0) return true;
  const reserved = new Map((await store.reservations.list(projectDir)).map((found) => [found.serviceName, found]));
  return requesting.every(({ name, port }) => {
    const found = reserved.get(name);
    return found !== undefined && wantedInstead(found, port) === undefined;
  });
}

/** The number on which a service insists that has another one. */
function wantedInstead({ port }: Reservation, preference: PortPreference): number | undefined {
  return preference.kind === 'strict' && preference.port !== port ? preference.port : undefined;
}

interface RoundResult extends ConfiguredPorts {
  readonly isDone: boolean;
}

/** One transaction after the other, until every service has had its turn. */
class Round {
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

  async run(step: ClaimStep): Promise<RoundResult> {
    const budget = { left: testsPerTransaction };
    const claims: PortClaim[] = [];
    const failed: { serviceName: string; error: unknown }[] = [];
    for (const service of this.#requesting) {
      try {
        const claim = await this.#fulfil(step, service, budget);
        if (claim === 'go on') return { claims, failed, isDone: false };
        if (claim !== 'has one') claims.push(claim);
      } catch (error) {
        if (!isCandleError(error) || this.#request.needed.includes(service.name)) throw error;
        failed.push({ serviceName: service.name, error });
      }
    }
    return { claims, failed, isDone: true };
  }

  async #fulfil(
    step: ClaimStep,
    { name, port }: RequestingService,
    budget: { left: number },
  ): Promise<PortClaim | 'has one' | 'go on'> {
    const { projectDir } = this.#request;
    const existing = step.find(projectDir, name);
    if (existing !== undefined) {
      const wanted = wantedInstead(existing, port);
      if (wanted !== undefined) throw new StrictPortDiffersError(existing, wanted);
      return 'has one';
    }
    const found = await this.#searches.get(name)?.next(step, budget);
    return found === undefined ? 'go on' : takePort(this.#candle, step, found, { projectDir, serviceName: name });
  }
}
