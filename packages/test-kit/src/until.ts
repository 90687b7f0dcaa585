import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Milliseconds. Generous: the machines of the tests may be busy. */
  readonly timeoutMs?: number;
  /** Put into the failure message, for example the output of what is waited for. */
  readonly explain?: () => string | Promise<string>;
}

const pollMs = 20;

/** Waits until the condition gives something other than undefined, null or false, and returns that. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  { timeoutMs = 30_000, explain }: UntilOptions = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) return value as Exclude<T, undefined | null | false>;
    if (performance.now() > deadlineMs) {
      throw new Error(`Waited ${timeoutMs} ms in vain until ${what}\n${(await explain?.()) ?? ''}`);
    }
    await sleep(pollMs);
  }
}
