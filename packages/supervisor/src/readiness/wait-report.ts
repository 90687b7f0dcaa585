import type { WaitClock } from '../supervision.ts';

/** A start that takes longer says what it is waiting for. */
const silentForMs = 2_000;

/** `awaited`: what is missing, as part of a sentence. */
export type OnAwaited = (awaited: string) => void;

/**
 * Tells the caller what one service still needs to become ready: after two seconds, and as soon as it listens on the wrong port. A
 * start can wait in several steps, which share this.
 */
export class WaitReport {
  readonly #onAwaited: OnAwaited | undefined;
  readonly #waiting: Pick<WaitClock, 'nowMs'>;
  readonly #beganMs: number;
  #hasReported = false;
  #hasReportedPlace = false;

  constructor(onAwaited: OnAwaited | undefined, waiting: Pick<WaitClock, 'nowMs'>) {
    this.#onAwaited = onAwaited;
    this.#waiting = waiting;
    this.#beganMs = waiting.nowMs();
  }

  /** Called at each step of a wait that is not over. */
  update({ awaited, isMisplaced }: { readonly awaited: string; readonly isMisplaced: boolean }): void {
    const isDue = isMisplaced ? !this.#hasReportedPlace : !this.#hasReported && this.#elapsedMs >= silentForMs;
    if (!isDue) return;
    this.#hasReported = true;
    this.#hasReportedPlace ||= isMisplaced;
    this.#onAwaited?.(awaited);
  }

  get #elapsedMs(): number {
    return this.#waiting.nowMs() - this.#beganMs;
  }
}
