import type { Candle } from '../candle.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { candidateOrder, candidatesAfter } from './candidate-order.ts';
import { PortNotAvailableError, PortRangeExhaustedError } from './errors.ts';
import { type Claimant, findObstacle, type PortObstacle } from './port-obstacle.ts';
import type { PortPreference } from './port-preference.ts';
import { firstPort, lastPort, type PortInterval, portAfter, portRangeSize } from './port-range.ts';

/** Why a preferred number was not to be had. */
export type PortFallback = { readonly port: number } & PortObstacle;

export interface FoundPort {
  readonly port: number;
  /** The search for the next port goes on behind it: so it is with numbers that nobody has asked for. */
  readonly movesCursor: boolean;
  readonly fallback: PortFallback | undefined;
}

export interface SearchRequest extends Claimant {
  /** Without it, the next free number. */
  readonly preference?: PortPreference | undefined;
  /** Numbers that are not to be given, whatever else is said. */
  readonly avoided?: readonly number[] | undefined;
}

/** Bind tests that a transaction may still make. */
export interface TestBudget {
  left: number;
}

/** The way of one claim to its number. It may take several transactions, and remembers how far it has come. */
export class PortSearch {
  readonly #candle: Candle;
  readonly #request: SearchRequest;
  #candidates: PortInterval[] | undefined;
  #fallback: PortFallback | undefined;
  #inUse = 0;

  constructor(candle: Candle, request: SearchRequest) {
    this.#candle = candle;
    this.#request = request;
  }

  /**
   * The number to take, in this step; undefined when the budget is used up: then it is to be asked again in another one.
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

  /** The port of a service that runs is never bind-tested: the test could make the service's own bind fail. */
  async #isFree(step: ClaimStep, port: number): Promise<boolean> {
    return step.listActiveRunsOn(port).length === 0 && (await this.#candle.portProbe.isFree(port));
  }

  #exhausted(step: ClaimStep): PortRangeExhaustedError {
    const range = { first: firstPort, last: lastPort };
    const reserved = step.count(range);
    return new PortRangeExhaustedError(range, reserved, Math.min(this.#inUse, portRangeSize - reserved));
  }
}
