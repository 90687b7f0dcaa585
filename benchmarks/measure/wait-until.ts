import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 5;
const timeoutMs = 120_000;

/** What the look gives, once that is something. */
export async function waitUntil<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadlineMs) throw new Error(`Waited in vain until ${what}`);
    await sleep(pollMs);
  }
}
