import type { Candle } from '../candle.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import { PortNotAvailableError, PortRangeExhaustedError } from './errors.ts';
import { type Claimant, findObstacle, type PortObstacle } from './port-obstacle.ts';
import { firstPort, lastPort, type PortInterval, portAfter, portRangeSize } from './port-range.ts';
import { portTurn, turnAfter } from './port-turn.ts';
import type { PortWish } from './port-wish.ts';

/** Why a preferred number was not to be had. */
export type Displacement = { readonly port: number } & PortObstacle;

export interface FoundPort {
  readonly port: number;
  /** The search for the next port goes on behind it: so it is with numbers that nobody has asked for. */
  readonly movesCursor: boolean;
  readonly displaced: Displacement | undefined;
}

export interface SearchRequest extends Claimant {
  /** Without it, the next free number. */
  readonly wish?: PortWish | undefined;
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
  #turn: PortInterval[] | undefined;
  #displaced: Displacement | undefined;
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
    const { wish = { kind: 'auto' } } = this.#request;
    if (wish.kind === 'auto') return this.#search(step, budget, { from: step.cursor(), movesCursor: true });
    if (this.#displaced === undefined) {
      const obstacle = await this.#findObstacle(step, wish.port);
      if (obstacle === undefined) return { port: wish.port, movesCursor: false, displaced: undefined };
      if (wish.kind === 'strict') throw new PortNotAvailableError(wish.port, this.#request, obstacle);
      this.#displaced = { port: wish.port, ...obstacle };
    }
    return this.#search(step, budget, { from: portAfter(wish.port), movesCursor: false });
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
    this.#turn ??= portTurn(from, this.#candle.ephemeralRange, [...excluded, ...avoided]);
    for (; budget.left > 0; budget.left--) {
      const port = step.nextCandidate(this.#turn);
      if (port === undefined) throw this.#exhausted(step);
      this.#turn = turnAfter(this.#turn, port);
      if (await this.#isFree(step, port)) return { port, movesCursor, displaced: this.#displaced };
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
