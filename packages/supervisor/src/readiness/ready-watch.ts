import type { ReadyProbe } from './ready-probe.ts';

/** Most services are ready within a few hundred milliseconds, so the first checks are close together. */
const firstPauseMs = 20;
const pauseGrowth = 1.5;

/**
 * Repeats a check in the background: a check may take seconds, and meanwhile the caller has to notice if the run ends.
 */
export class ReadyWatch {
  readonly #probe: ReadyProbe;
  readonly #intervalMs: number;
  readonly #nowMs: () => number;
  #pauseMs: number;
  #dueAtMs: number;
  #checking: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isReady = false;

  constructor(probe: ReadyProbe, { intervalMs, nowMs }: { intervalMs: number; nowMs: () => number }) {
    this.#probe = probe;
    this.#intervalMs = intervalMs;
    this.#nowMs = nowMs;
    this.#pauseMs = Math.min(firstPauseMs, intervalMs);
    this.#dueAtMs = nowMs();
  }

  /** Whether a check has succeeded so far. Starts the next check if it is due. */
  check(): boolean {
    if (this.#failure) throw this.#failure.error;
    if (!this.#isReady && this.#nowMs() >= this.#dueAtMs) void this.#begin();
    return this.#isReady;
  }

  /** Like `check`, but waits for the result of the check in progress, or of a new one. */
  async checkNow(): Promise<boolean> {
    if (!this.#isReady) await this.#begin();
    return this.check();
  }

  get awaited(): string {
    return this.#probe.awaited;
  }

  close(): void {
    this.#probe.close();
  }

  #begin(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
      this.#dueAtMs = this.#nowMs() + this.#pauseMs;
      this.#pauseMs = Math.min(this.#pauseMs * pauseGrowth, this.#intervalMs);
    });
    return this.#checking;
  }

  async #check(): Promise<void> {
    try {
      this.#isReady = await this.#probe.check();
    } catch (error) {
      this.#failure = { error };
    }
  }
}
