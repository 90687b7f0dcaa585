import { faults } from '../list.ts';

/** What became of one test of a fault. */
export interface FaultResult {
  readonly number: number;
  readonly promise: string;
  readonly simulatedBy?: string | undefined;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped. */
  readonly note?: string | undefined;
}

export interface FaultTable {
  readonly markdown: string;
  /** Faults of the list without any test. */
  readonly untested: readonly number[];
}

/** Nothing of it depends on when, where and in which order the tests ran: the page changes only when a result does. */
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

What can go wrong around a service, what Candle promises then, and whether it holds. Each fault is made with the built
CLI and real processes; what cannot be made as it happens in life is simulated at the nearest edge, which the table
names. The page is written by \`npm run test:faults\`, which runs all of it; \`npm test\` runs the part that is quick.

${Object.keys(faults).length} faults: ${count('holds')} hold, ${count('fails')} fail, ${count('not run')} not run here. ${results.length} tests.

| | Fault | Promise | Result | Simulated by | Tests |
|---|---|---|---|---|---|
${lines.join('\n')}
`;
  return { markdown, untested: rows.filter(({ tests }) => tests.length === 0).map(({ number }) => number) };
}

function outcomeOf(tests: readonly FaultResult[]): string {
  if (tests.length === 0) return 'not run: there is no test';
  const failed = tests.filter(({ state }) => state === 'failed').length;
  if (failed > 0) return tests.length === 1 ? 'fails' : `fails (${failed} of ${tests.length} tests)`;
  const skipped = tests.filter(({ state }) => state === 'skipped');
  const reasons = unique(skipped.map(({ note }) => note ?? 'left out')).join('; ');
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
