import type { Candle } from '../candle.ts';
import { portReserved } from '../events/events.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { PortNotAvailableError, PortRangeExhaustedError } from './errors.ts';
import type { PortObstacle } from './port-obstacle.ts';
import type { PortPreference } from './port-preference.ts';
import { browserBlockedPorts, firstPort, lastPort, type PortInterval, portAfter, portRangeSize } from './port-range.ts';

/** Bind tests per transaction. Between two transactions, other processes can take the write lock. */
export const testsPerTransaction = 256;

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

/** The preferred port, and why it was not available. */
export type PortFallback = { readonly port: number } & PortObstacle;

interface FoundPort {
  readonly port: number;
  /** Whether the next search continues after this port: true for ports that were not requested by number. */
  readonly movesCursor: boolean;
  readonly fallback: PortFallback | undefined;
}

/** A claim for a service, or (without a name) for the project itself; for the next free port or a preferred port. */
export interface PortClaimRequest extends Claimant {
  /** If omitted, the next free port. */
  readonly preference?: PortPreference | undefined;
  /** Ports that must not be assigned, in addition to the excluded ones. */
  readonly avoided?: readonly number[] | undefined;
}

/** The number of bind tests that a transaction may still run. */
export interface TestBudget {
  left: number;
}

/** The search of one claim for its port. It can span several transactions and keeps its position between them. */
export class PortSearch {
  readonly #candle: Candle;
  readonly #request: PortClaimRequest;
  #candidates: PortInterval[] | undefined;
  #fallback: PortFallback | undefined;
  #inUse = 0;

  constructor(candle: Candle, request: PortClaimRequest) {
    this.#candle = candle;
    this.#request = request;
  }

  /**
   * The port to take in this transaction; undefined when the budget is used up: call it again in another transaction.
   * @throws PortNotAvailableError, PortRangeExhaustedError, PortProbeFailedError
   */
  async next(step: ClaimStep, budget: TestBudget): Promise<FoundPort | undefined> {
    const { preference = { kind: 'auto' } } = this.#request;
    if (preference.kind === 'auto') return this.#search(step, budget, { from: step.cursor(), movesCursor: true });
    if (this.#fallback === undefined) {
      const obstacle = await this.#findObstacle(step, preference.port);
      if (obstacle === undefined) return { port: preference.port, movesCursor: false, fallback: undefined };
      if (preference.kind === 'strict') throw new PortNotAvailableError(preference.port, this.#request, obstacle);
      this.#fallback = { port: preference.port, ...obstacle };
    }
    return this.#search(step, budget, { from: portAfter(preference.port), movesCursor: false });
  }

  async #findObstacle(step: ClaimStep, port: number): Promise<PortObstacle | undefined> {
    if (this.#request.avoided?.includes(port)) return { by: 'excluded' };
    return findObstacle(this.#candle, step, port, this.#request);
  }

  async #search(
    step: ClaimStep,
    budget: TestBudget,
    { from, movesCursor }: { from: number; movesCursor: boolean },
  ): Promise<FoundPort | undefined> {
    const { excluded = [], avoided = [] } = this.#request;
    this.#candidates ??= candidateOrder(from, this.#candle.ephemeralRange, [...excluded, ...avoided]);
    for (; budget.left > 0; budget.left--) {
      const port = step.nextCandidate(this.#candidates);
      if (port === undefined) throw this.#exhausted(step);
      this.#candidates = candidatesAfter(this.#candidates, port);
      if (await this.#isFree(step, port)) return { port, movesCursor, fallback: this.#fallback };
      this.#inUse++;
    }
    return undefined;
  }

  /** The port of a running service is never bind-tested: the test could make the service's own bind fail. */
  async #isFree(step: ClaimStep, port: number): Promise<boolean> {
    return step.listActiveRunsOn(port).length === 0 && (await this.#candle.portProbe.isFree(port));
  }

  #exhausted(step: ClaimStep): PortRangeExhaustedError {
    const range = { first: firstPort, last: lastPort };
    const reserved = step.count(range);
    return new PortRangeExhaustedError(range, reserved, Math.min(this.#inUse, portRangeSize - reserved));
  }
}

/**
 * Every assignable port except the excluded ones, once, in the order in which they are tried. The order starts at `cursor`
 * and wraps after 65535. It has two passes: first the ports that browsers open and that the system does not use for
 * outgoing connections, then the rest.
 *
 * Ephemeral ports come last because an outgoing connection can occupy one at any moment.
 */
export function candidateOrder(
  cursor: number,
  ephemeral: PortInterval,
  excluded: readonly number[] = [],
): PortInterval[] {
  const whole = [
    { first: cursor, last: lastPort },
    { first: firstPort, last: cursor - 1 },
  ].filter(isNotEmpty);
  const candidates = excluded.map((port) => ({ first: port, last: port })).reduce(without, whole);
  const avoided = [...browserBlockedPorts.map((port) => ({ first: port, last: port })), ephemeral];
  const preferred = avoided.reduce(without, candidates);
  const rest = preferred.reduce(without, candidates);
  return [...preferred, ...rest];
}

/** The candidates that remain after `port` has been tried. */
export function candidatesAfter(candidates: readonly PortInterval[], port: number): PortInterval[] {
  const at = candidates.findIndex(({ first, last }) => first <= port && port <= last);
  const current = candidates[at];
  if (!current) return [];
  return [{ first: port + 1, last: current.last }, ...candidates.slice(at + 1)].filter(isNotEmpty);
}

function without(intervals: readonly PortInterval[], hole: PortInterval): PortInterval[] {
  return intervals.flatMap(({ first, last }) =>
    hole.last < first || hole.first > last
      ? [{ first, last }]
      : [
          { first, last: hole.first - 1 },
          { first: hole.last + 1, last },
        ].filter(isNotEmpty),
  );
}

function isNotEmpty({ first, last }: PortInterval): boolean {
  return first <= last;
}

/** The requester of a specific port, and what does not block it. */
interface Claimant {
  readonly projectDir: string;
  /** If omitted, the port is a project-level port. */
  readonly serviceName?: string | undefined;
  /** Ports that this project never uses. */
  readonly excluded?: readonly number[] | undefined;
  /** Other services of the project that are about to be restarted. */
  readonly replaced?: readonly string[] | undefined;
  /** Ports whose only listeners are runs that are about to be replaced. */
  readonly soonFree?: readonly number[] | undefined;
}

/** Why a requested port is not available; undefined if it is. Needs the write lock, as every bind test does. */
async function findObstacle(
  candle: Candle,
  step: ClaimStep,
  port: number,
  claimant: Claimant,
): Promise<PortObstacle | undefined> {
  const { projectDir, serviceName, excluded = [], replaced = [], soonFree = [] } = claimant;
  if (excluded.includes(port)) return { by: 'excluded' };
  const reservation = step.findByPort(port);
  if (reservation !== undefined) return { by: 'reserved', reservation };
  const runs = step.listActiveRunsOn(port);
  // A service may keep the port that it listens on: its current run ends before the next one starts.
  const areReplaced = runs.every(
    (run) => run.projectDir === projectDir && (run.serviceName === serviceName || replaced.includes(run.serviceName)),
  );
  if (!areReplaced) return { by: 'listener' };
  if (runs.length > 0 || soonFree.includes(port)) return undefined;
  return (await candle.portProbe.isFree(port)) ? undefined : { by: 'listener' };
}
