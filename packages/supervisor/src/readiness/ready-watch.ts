import type { ReadyProbe } from './ready-probe.ts';

/** Most services are there within some hundred milliseconds: look often at first. */
const firstPauseMs = 20;
const pauseGrowth = 1.5;

/** Looks again and again while the caller does something else: a look may take seconds, and the run may end meanwhile. */
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

  /** Has it been seen to be ready? Begins the next look when it is time for one. */
  check(): boolean {
    if (this.#failure) throw this.#failure.error;
    if (!this.#isReady && this.#nowMs() >= this.#dueAtMs) void this.#begin();
    return this.#isReady;
  }

  /** The same, with the answer of the look that is under way, or of a new one. */
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
