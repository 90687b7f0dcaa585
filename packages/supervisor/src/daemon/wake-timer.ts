/** A pause that can be cut short, also by a ring that came before it. */
export class WakeTimer {
  #isRung = true;
  #wake: () => void = () => undefined;

  wake(): void {
    this.#isRung = true;
    this.#wake();
  }

  /** Has it rung since it was last asked? */
  takeWake(): boolean {
    const isRung = this.#isRung;
    this.#isRung = false;
    return isRung;
  }

  /** Until the next ring, `ms` at most. */
  pause(ms: number): Promise<void> {
    if (this.#isRung) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
