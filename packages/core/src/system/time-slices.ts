/** Short enough that nobody notices the delay, long enough that switching costs nothing. */
const sliceMs = 20;
/** Reading the clock takes as long as searching a short line for a text. Reading these takes microseconds. */
const charactersPerLook = 8_192;

interface SliceEffects {
  readonly nowMs: () => number;
  /** Runs the function after the events that are waiting. */
  readonly afterEvents: (run: () => void) => void;
}

/**
 * Divides the time of the process between long computations and events. All computations together get one time slice between
 * two rounds of events.
 */
export class TimeSlices {
  readonly #effects: SliceEffects;
  readonly #waiting: (() => void)[] = [];
  #endsAtMs = Number.NEGATIVE_INFINITY;
  #unseen = 0;

  constructor(effects: SliceEffects) {
    this.#effects = effects;
  }

  /**
   * Whether the computation has to call `next` before it continues.
   * @param characters how many characters it has read since the last call, if it only reads them
   */
  isOver(characters = charactersPerLook): boolean {
    this.#unseen += characters;
    if (this.#unseen < charactersPerLook) return false;
    this.#unseen = 0;
    return this.#effects.nowMs() >= this.#endsAtMs;
  }

  /** Resolves when the caller may continue: the longest waiting computation comes first. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) this.#effects.afterEvents(this.#begin);
    });
  }

  readonly #begin = (): void => {
    this.#endsAtMs = this.#effects.nowMs() + sliceMs;
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) this.#effects.afterEvents(this.#begin);
  };
}

let ofProcess: TimeSlices | undefined;

/** The time slices of this process, which has one event loop. */
export function timeSlices(): TimeSlices {
  ofProcess ??= new TimeSlices({ nowMs: () => performance.now(), afterEvents: setImmediate });
  return ofProcess;
}
