/** A progress notification that a client receives during a call. */
export interface ProgressReport {
  /** Seconds since the call began. */
  readonly progress: number;
  /** Timeout of the wait, in seconds. */
  readonly total?: number;
  readonly message: string;
}

/** Short enough for clients that give up on a call without progress. */
const everyMs = 1_000;

/** Reports once a second how long a call has taken and what it waits for. Must be closed. */
export class CallProgress {
  readonly #beganMs = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #message: string;
  #totalMs: number | undefined;

  /** @param report undefined if the client did not ask for progress */
  constructor(title: string, report: ((progress: ProgressReport) => void) | undefined) {
    this.#message = title;
    this.#timer = report && setInterval(() => report(this.#report()), everyMs);
  }

  /** Sets what the call does now and, if known, how long it may take. */
  update(message: string, totalMs?: number): void {
    this.#message = message;
    this.#totalMs = totalMs;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #report(): ProgressReport {
    const progress = Math.round((performance.now() - this.#beganMs) / 100) / 10;
    const total = this.#totalMs === undefined ? {} : { total: Math.max(progress, this.#totalMs / 1000) };
    return { progress, ...total, message: this.#message };
  }
}
