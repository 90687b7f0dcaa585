import type { Candle } from '../candle.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { candidateOrder, candidatesAfter } from './candidate-order.ts';
import { PortNotAvailableError, PortRangeExhaustedError } from './errors.ts';
import { type Claimant, findObstacle } from './find-obstacle.ts';
import type { PortObstacle } from './port-obstacle.ts';
import type { PortPreference } from './port-preference.ts';
import { firstPort, lastPort, type PortInterval, portAfter, portRangeSize } from './port-range.ts';

/** The preferred port, and why it was not available. */
export type PortFallback = { readonly port: number } & PortObstacle;

export interface FoundPort {
  readonly port: number;
  /** Whether the next search continues after this port: true for ports that were not requested by number. */
  readonly movesCursor: boolean;
  readonly fallback: PortFallback | undefined;
}

export interface SearchRequest extends Claimant {
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
  readonly #request: SearchRequest;
  #candidates: PortInterval[] | undefined;
  #fallback: PortFallback | undefined;
  #inUse = 0;

  constructor(candle: Candle, request: SearchRequest) {
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
