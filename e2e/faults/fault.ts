import { type TestContext, test } from 'vitest';
import { faults } from './list.ts';

export interface FaultOptions {
  /** Takes long or loads the machine heavily: `npm test` skips it, `npm run test:faults` runs it. */
  readonly slow?: boolean;
  /** How the test simulates a fault that it cannot cause directly. */
  readonly simulatedBy?: string;
  readonly timeoutMs?: number;
}

const runsAll = process.env.FAULTS === 'all';

/** The limit for what is promised within a second: ten times as long, because the machine may be busy. */
export const aSecondMs = 10_000;

/**
 * Tests one fault of list.ts against what Candle promises when it happens. A fault may have several tests; its promise
 * holds when all of them pass. A test that cannot run on this machine is skipped with a reason.
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
