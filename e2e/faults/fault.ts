import { type TestContext, test } from 'vitest';

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
 * One fault of the list in docs/reference/faults.md, and what Candle promises when it happens. A fault may have several
 * tests; it holds when all of them pass.
 */
export function fault(
  number: number,
  promise: string,
  prove: (test: TestContext) => Promise<void>,
  { slow = false, simulatedBy, timeoutMs = 120_000 }: FaultOptions = {},
): void {
  const title = `fault ${number}: ${promise}${simulatedBy === undefined ? '' : ` (simulated by ${simulatedBy})`}`;
  test.runIf(runsAll || !slow)(title, { timeout: timeoutMs }, prove);
}
