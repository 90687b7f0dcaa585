/** Short enough that nobody notices the delay, long enough that changing turns costs nothing. */
const turnMs = 20;

interface TurnEffects {
  readonly nowMs: () => number;
  /** Runs the function after the events that are waiting. */
  readonly afterEvents: (run: () => void) => void;
}

/**
 * Lets long computations take turns with each other and with the events of the process. All of them together get one turn
 * between two rounds of events.
 */
export class Turns {
  readonly #effects: TurnEffects;
  readonly #waiting: (() => void)[] = [];
  #endsAtMs = Number.NEGATIVE_INFINITY;

  constructor(effects: TurnEffects) {
    this.#effects = effects;
  }

  /** Whether the computation has to call `next` before it continues. */
  get isOver(): boolean {
    return this.#effects.nowMs() >= this.#endsAtMs;
  }

  /** Resolves when it is the caller's turn: the longest waiting computation comes first. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) this.#effects.afterEvents(this.#begin);
    });
  }

  readonly #begin = (): void => {
    this.#endsAtMs = this.#effects.nowMs() + turnMs;
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) this.#effects.afterEvents(this.#begin);
  };
}

/** The turns of this process, which has one event loop. */
export const turns = new Turns({ nowMs: () => performance.now(), afterEvents: setImmediate });
