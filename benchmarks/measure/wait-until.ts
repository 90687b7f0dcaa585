import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 5;
const timeoutMs = 120_000;

/** Waits until the check returns a value other than undefined or false, and returns that value. */
export async function waitUntil<T>(what: string, check: () => T | undefined | false): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const found = check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadlineMs) throw new Error(`Timed out after ${timeoutMs} ms waiting until ${what}`);
    await sleep(pollMs);
  }
}
