import { faults } from '../list.ts';

/** The result of one test of a fault. */
export interface FaultResult {
  readonly number: number;
  readonly promise: string;
  readonly simulatedBy?: string | undefined;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why the test was skipped. */
  readonly note?: string | undefined;
}

export interface FaultTable {
  readonly markdown: string;
  /** Numbers of the listed faults that have no test. */
  readonly untested: readonly number[];
}

/** The page does not depend on when, where or in which order the tests ran: it changes only when a result changes. */
export function renderTable(results: readonly FaultResult[]): FaultTable {
  const rows = Object.entries(faults).map(([number, fault]) => ({
    number: Number(number),
    fault,
    tests: results.filter((result) => result.number === Number(number)).toSorted(byPromise),
  }));
  const outcomes = rows.map(({ tests }) => outcomeOf(tests));
  const count = (outcome: string) => outcomes.filter((each) => each.startsWith(outcome)).length;
  const lines = rows.map(({ number, fault, tests }, index) => {
    const promises = unique(tests.map(({ promise }) => promise));
    const edges = unique(tests.flatMap(({ simulatedBy }) => simulatedBy ?? []));
    return row([number, fault, promises.join('<br>'), outcomes[index] ?? '', edges.join('<br>'), tests.length]);
  });
  const markdown = `<!-- Written by \`npm run test:faults\`; do not edit. -->

# Faults

What can go wrong around a service, what Candle promises in that case, and whether the promise holds. Each test injects
the fault with the built CLI and real processes. A fault that a test cannot cause directly is simulated as closely as
possible; the table shows how. \`npm run test:faults\` runs all tests and writes this page; \`npm test\` runs only the
quick ones.

${Object.keys(faults).length} faults: ${count('holds')} hold, ${count('fails')} fail, ${count('not run')} not run here. ${results.length} tests.

| | Fault | Promise | Result | Simulated by | Tests |
|---|---|---|---|---|---|
${lines.join('\n')}
`;
  return { markdown, untested: rows.filter(({ tests }) => tests.length === 0).map(({ number }) => number) };
}

function outcomeOf(tests: readonly FaultResult[]): string {
  if (tests.length === 0) return 'not run: no test';
  const failed = tests.filter(({ state }) => state === 'failed').length;
  if (failed > 0) return tests.length === 1 ? 'fails' : `fails (${failed} of ${tests.length} tests)`;
  const skipped = tests.filter(({ state }) => state === 'skipped');
  const reasons = unique(skipped.map(({ note }) => note ?? 'skipped')).join('; ');
  if (skipped.length === tests.length) return `not run here: ${reasons}`;
  return skipped.length === 0 ? 'holds' : `holds (${skipped.length} of ${tests.length} tests not run here: ${reasons})`;
}

function byPromise(a: FaultResult, b: FaultResult): number {
  return a.promise < b.promise ? -1 : a.promise > b.promise ? 1 : 0;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
