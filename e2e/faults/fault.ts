import { type TestContext, test } from 'vitest';
import { faults } from './list.ts';

export interface FaultOptions {
  /** Takes long, or much of the machine: left out of `npm test`, run by `npm run test:faults`. */
  readonly slow?: boolean;
  /** It cannot be made here as it happens, so it is made at this nearest edge. */
  readonly simulatedBy?: string;
  readonly timeoutMs?: number;
}

const runsAll = process.env.FAULTS === 'all';

/** What is promised within a second; on a machine that runs all other tests too, not so soon. Milliseconds. */
export const aSecondMs = runsAll ? 1_000 : 10_000;

/**
 * One fault of list.ts, and what Candle promises when it happens. A fault may have several tests; it holds when all of
 * them pass. One that this machine cannot make is skipped, with the reason.
 */
export function fault(
  number: keyof typeof faults,
  promise: string,
  prove: (context: TestContext) => Promise<void>,
  { slow = false, simulatedBy, timeoutMs = 120_000 }: FaultOptions = {},
): void {
  if (faults[number] === undefined) throw new Error(`list.ts has no fault ${number}`);
  const meta = { fault: { number, promise, ...(simulatedBy === undefined ? {} : { simulatedBy }) } };
  test.runIf(runsAll || !slow)(`fault ${number}: ${promise}`, { timeout: timeoutMs, meta }, (context) =>
    prove(context),
  );
}

declare module 'vitest' {
  interface TaskMeta {
    fault?: { readonly number: number; readonly promise: string; readonly simulatedBy?: string };
  }
}
