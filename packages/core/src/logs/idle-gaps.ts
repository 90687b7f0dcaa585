import { setTimeout as sleep } from 'node:timers/promises';

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
