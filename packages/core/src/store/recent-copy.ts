/**
 * The longest time after a change until it is copied. Half of the minute that is promised, so that a copy may also wait for
 * a lock. Milliseconds.
 */
const copyAfterMs = 30_000;

/**
 * Makes the copies of a database: at most one for all changes within a period, and at the latest at `finish`. A failure,
 * for example on a full disk, is not an error: the copy stays due, and is tried again after the same time.
 */
export class RecentCopy {
  readonly #copy: () => Promise<void>;
  readonly #afterMs: number;
  #timer: NodeJS.Timeout | undefined;
  #lastCopy: Promise<void> = Promise.resolve();

  constructor(copy: () => Promise<void>, afterMs = copyAfterMs) {
    this.#copy = copy;
    this.#afterMs = afterMs;
  }

  /** Makes a copy due. The timer does not keep the process running. */
  schedule(): void {
    this.#timer ??= setTimeout(() => void this.finish(), this.#afterMs).unref();
  }

  /** Makes the copy now if it is due, and waits for one that is being made. */
  async finish(): Promise<void> {
    if (this.#timer !== undefined) {
      this.cancel();
      this.#lastCopy = this.#lastCopy.then(this.#copy).catch(() => this.schedule());
    }
    await this.#lastCopy;
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
