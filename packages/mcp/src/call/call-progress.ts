/** What a client is told while a call goes on. */
export interface ProgressReport {
  /** Seconds since the call began. */
  readonly progress: number;
  /** Seconds after which the wait is given up. */
  readonly total?: number;
  readonly message: string;
}

/** Often enough for clients that give up on a call that they hear nothing of. */
const everyMs = 1_000;

/** Tells a client that wants to hear, once a second, how long a call has lasted and what it waits for. Close it. */
export class CallProgress {
  readonly #beganMs = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #message: string;
  #totalMs: number | undefined;

  /** @param report left out when nobody wants to hear */
  constructor(title: string, report: ((progress: ProgressReport) => void) | undefined) {
    this.#message = title;
    this.#timer = report && setInterval(() => report(this.#report()), everyMs);
  }

  /** What the call does from now on, and how long it may take when that is known. */
  say(message: string, totalMs?: number): void {
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
