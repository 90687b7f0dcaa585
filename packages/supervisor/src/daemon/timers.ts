import type { WaitClock } from '../supervision.ts';

/** Work that is repeated at an interval. */
export interface PeriodicTask {
  readonly everyMs: number;
  run(): Promise<void>;
}

/** Returns a function that runs the tasks that are due. Each task is due for the first time after its interval. */
export function openPeriodicTasks(
  tasks: readonly PeriodicTask[],
  { nowMs }: Pick<WaitClock, 'nowMs'>,
): () => Promise<void> {
  const doneAtMs = new Map(tasks.map((task) => [task, nowMs()]));
  return async () => {
    for (const task of tasks) {
      if (nowMs() - (doneAtMs.get(task) ?? 0) < task.everyMs) continue;
      doneAtMs.set(task, nowMs());
      await task.run();
    }
  };
}

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
