import { test } from 'vitest';

/** Whether every end-to-end test runs, as in `npm run test:e2e`. */
export const runsAll = process.env.E2E === 'all';

/** A test that `npm test` skips, because it takes long and another test covers the usual case. */
export const testInFull = test.runIf(runsAll);

type Tables = Pick<typeof test, 'each' | 'for'>;

/** Tables of which `npm test` runs the first `count` cases, because each case takes seconds. */
export function inPart(count: number): Tables {
  const table = (kind: keyof Tables) => (cases: readonly unknown[]) => (title: string, run: () => void) => {
    const add = (api: typeof test, some: readonly unknown[]) => (api[kind] as typeof test.each)(some)(title, run);
    add(test, cases.slice(0, count));
    add(testInFull as typeof test, cases.slice(count));
  };
  return { each: table('each'), for: table('for') } as unknown as Tables;
}
