import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Milliseconds. The default is generous, because test machines may be busy. */
  readonly timeoutMs?: number;
  /** Added to the error message, for example the output of the program that the test waits for. */
  readonly explain?: () => string | Promise<string>;
}

const pollMs = 20;

/** Waits until the condition returns a value other than undefined, null or false, and returns that value. */
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
      throw new Error(`Timed out after ${timeoutMs} ms waiting until ${what}\n${(await explain?.()) ?? ''}`);
    }
    await sleep(pollMs);
  }
}
