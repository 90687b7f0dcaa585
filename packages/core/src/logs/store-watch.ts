import type { Store } from '../store/store.ts';
import { StateReplacedError } from './errors.ts';

/** How soon a new run is noticed. Milliseconds. */
const pollMs = 25;

/** Notices when another process has written to the database. Must be closed. */
export class StoreWatch {
  readonly #listeners = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;

  constructor(store: Pick<Store, 'changes' | 'isInPlace'>, stateDir: string, onGone: (error: unknown) => void) {
    let last = store.changes();
    this.#timer = setInterval(() => {
      if (!store.isInPlace()) {
        onGone(new StateReplacedError(stateDir));
        return;
      }
      const now = store.changes();
      if (now === last) return;
      last = now;
      for (const listener of [...this.#listeners]) listener();
    }, pollMs);
  }

  /** Returns a function that removes the listener. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }
}
