import type { AttemptResult } from '../result.ts';

/** What the page says of one case; where there are no results, the note says why. */
export interface CaseResult {
  readonly title: string;
  readonly results: readonly AttemptResult[];
  readonly note?: string | undefined;
}

/** Nothing of it depends on when and where the tests ran: the page changes only when a result does. */
export function renderPage(cases: readonly CaseResult[]): string {
  return `<!-- Written by \`npm run test:frameworks\`; do not edit. -->

# Frameworks and PORT

What frameworks do with \`PORT\`. Each is started by Candle as a service with 4000 reserved, so with \`PORT=4000\` in its
environment: first as its starter writes it, then with what helps. The last column is what the same command does when
another program has the number. \`candle start\` refuses a service whose reserved number is taken, and names who has it; but
a framework that restarts by itself, or takes long to begin, may meet one that came meanwhile. The page is written by
\`npm run test:frameworks\`, which runs all of it.

| Framework | Command, and what else is written | Listens on | What Candle says | When the number is taken |
|---|---|---|---|---|
${cases.flatMap(rowsOf).join('\n')}
`;
}

function rowsOf({ title, results, note }: CaseResult): string[] {
  if (results.length === 0) return [row([title, '', `not run here: ${note ?? 'left out'}`, '', ''])];
  return results.map((result, index) => row([index === 0 ? title : '', ...cellsOf(result)]));
}

function cellsOf({ written, listensOn, said, whenTaken }: AttemptResult): string[] {
  return [
    written.join('<br>'),
    listensOn === 'reserved' ? '4000' : listensOn === 'nothing' ? 'nothing' : `${listensOn} instead`,
    said.join('<br>'),
    whenTaken === undefined ? '' : whenTaken === 'ends' ? 'it ends' : 'it takes the next one, without being asked',
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
