import { setTimeout as sleep } from 'node:timers/promises';

/** Generous: the machine may be busy. */
const timeoutMs = 15_000;

/** Polls until the condition gives something; what it waits for and `context` stand in the failure. */
export async function waitFor<T>(what: string, condition: () => T | undefined | false, context = () => ''): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${what}\n${context()}`);
    await sleep(5);
  }
}
