import { setTimeout as sleep } from 'node:timers/promises';

/** A prompt or a progress bar has no newline: after this silence it counts all the same. Milliseconds. */
const idleGapMs = 200;

/** What a source gives, and undefined where nothing came for a while although something is waited for. Does not close the source. */
export async function* withIdleGaps<T>(
  source: AsyncGenerator<T>,
  isAwaited: () => boolean,
): AsyncGenerator<T | undefined> {
  let coming: Promise<IteratorResult<T>> = source.next();
  for (let isSilent = false; ; ) {
    const next: IteratorResult<T> | undefined = isAwaited() && !isSilent ? await orIdleGap(coming) : await coming;
    isSilent = next === undefined;
    if (next?.done) return;
    yield next?.value;
    if (next === undefined) continue;
    coming = source.next();
    // Who has stopped asking is not told.
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
