/** A pause that can be interrupted, even by a wake-up before the pause began. Starts woken. */
export class WakeTimer {
  #isWoken = true;
  #wake: () => void = () => undefined;

  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** Whether `wake` was called since the last call of this method. */
  takeWake(): boolean {
    const isWoken = this.#isWoken;
    this.#isWoken = false;
    return isWoken;
  }

  /** Waits until the next wake-up, but at most `ms`. */
  pause(ms: number): Promise<void> {
    if (this.#isWoken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
