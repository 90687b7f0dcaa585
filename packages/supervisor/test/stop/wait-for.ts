import { setTimeout as sleep } from 'node:timers/promises';

/** Generous, because the machine may be busy. */
const timeoutMs = 15_000;

/** Polls until the condition returns a value. A failure shows `what` and `context`. */
export async function waitFor<T>(what: string, condition: () => T | undefined | false, context = () => ''): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadlineMs) throw new Error(`timed out waiting for ${what}\n${context()}`);
    await sleep(5);
  }
}
