import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import { StateReplacedError } from './errors.ts';

/** How often a growing file is checked: an event for every write would cost more than the writes. */
const hotPollMs = 5;
/** A file that has not grown for this long is watched instead. */
const coldAfterMs = 500;
/** A fallback for file systems without events, so that a file does not stay unread forever. */
const defaultColdPollMs = 5_000;
/** Used when the file cannot be watched because the system's limit on watches is reached. */
const unwatchedPollMs = 250;

/** Notices when a file may have grown: polls it while it is hot, watches it while it is cold. Must be closed. */
export class GrowthWatch {
  readonly #path: string;
  readonly #signal: AbortSignal | undefined;
  readonly #coldPollMs: number;
  #watcher: FSWatcher | undefined;
  #isUnwatchable = false;
  #hotUntilMs = performance.now() + coldAfterMs;
  #wake: (() => void) | undefined;
  readonly #onAbort = () => this.close();

  /** `signal` ends the current wait and all later ones. */
  constructor(path: string, signal?: AbortSignal, coldPollMs = defaultColdPollMs) {
    this.#path = path;
    this.#signal = signal;
    this.#coldPollMs = coldPollMs;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Resolves when it is time to read again. `grew`: the last read found something. */
  async wait(grew: boolean): Promise<void> {
    if (this.#signal?.aborted) return;
    if (grew) this.#hotUntilMs = performance.now() + coldAfterMs;
    if (performance.now() < this.#hotUntilMs) return this.#pause(hotPollMs);
    if (this.#watcher === undefined && !this.#isUnwatchable) {
      this.#arm();
      // Anything written before the watch began causes no event.
      return;
    }
    await this.#pause(this.#isUnwatchable ? unwatchedPollMs : this.#coldPollMs);
  }

  /** Ends the current wait. */
  wake(): void {
    this.#wake?.();
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#watcher?.close();
    this.#watcher = undefined;
    this.wake();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }

  #arm(): void {
    try {
      this.#watcher = watch(this.#path, { persistent: true }, () => this.#becomeHot());
      this.#watcher.on('error', () => this.#giveUp());
    } catch {
      this.#giveUp();
    }
  }

  #becomeHot(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#hotUntilMs = performance.now() + coldAfterMs;
    this.wake();
  }

  #giveUp(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#isUnwatchable = true;
    this.wake();
  }
}

/** How soon a new run is noticed. Milliseconds. */
const pollMs = 25;

/** Notices when another process has written to the database or replaced it. Must be closed. */
export class StoreWatch {
  readonly #listeners = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;

  constructor(store: Pick<Store, 'changes' | 'isInPlace'>, stateDir: string, onGone: (error: unknown) => void) {
    let last = store.changes();
    this.#timer = setInterval(() => {
      try {
        const now = store.changes();
        if (!store.isInPlace()) throw new StateReplacedError(stateDir);
        if (now === last) return;
        last = now;
      } catch (error) {
        onGone(error);
        return;
      }
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

/** A prompt or a progress bar has no newline: after an idle gap of this length, it is shown anyway. Milliseconds. */
export const idleGapMs = 200;

/** Passes on the items of a source, and undefined when nothing arrived for a while although something is awaited. Does not close the source. */
export async function* withIdleGaps<T>(
  source: AsyncGenerator<T>,
  isAwaited: () => boolean,
): AsyncGenerator<T | undefined> {
  let coming: Promise<IteratorResult<T>> = source.next();
  for (let isIdle = false; ; ) {
    const next: IteratorResult<T> | undefined = isAwaited() && !isIdle ? await orIdleGap(coming) : await coming;
    isIdle = next === undefined;
    if (next?.done) return;
    yield next?.value;
    if (next === undefined) continue;
    coming = source.next();
    // The consumer may have stopped, so an error must not become an unhandled rejection.
    coming.catch(() => undefined);
  }
}

async function orIdleGap<T>(coming: Promise<T>): Promise<T | undefined> {
  const timer = new AbortController();
  const idleGap = sleep(idleGapMs, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([coming, idleGap]);
  } finally {
    timer.abort();
  }
}
