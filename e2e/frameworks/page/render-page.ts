import type { AttemptResult } from '../result.ts';

/** The part of the page about one case. Without results, the note gives the reason. */
export interface CaseResult {
  readonly title: string;
  readonly results: readonly AttemptResult[];
  readonly note?: string | undefined;
}

/** The page does not depend on when and where the tests ran: it changes only when a result changes. */
export function renderPage(cases: readonly CaseResult[]): string {
  return `<!-- Written by \`npm run test:frameworks\`; do not edit. -->

# Frameworks and PORT

This page shows what frameworks do with \`PORT\`. Candle starts each of them as a service whose reserved port is 4000, so
its environment contains \`PORT=4000\`: first with the command from its starter template, then with a change that makes it
use the port. The last column shows what the same command does if another program uses the port. \`candle start\` does
not start a service whose reserved port is in use, and reports which process uses it. But if a framework restarts by
itself, or starts slowly, another program may have taken the port in the meantime. \`npm run test:frameworks\` runs all of
these commands and writes this page.

| Framework | Command and other changes | Listens on | What Candle prints | If the port is in use |
|---|---|---|---|---|
${cases.flatMap(rowsOf).join('\n')}
`;
}

function rowsOf({ title, results, note }: CaseResult): string[] {
  if (results.length === 0) return [row([title, '', `not run here: ${note ?? 'skipped'}`, '', ''])];
  return results.map((result, index) => row([index === 0 ? title : '', ...cellsOf(result)]));
}

function cellsOf({ written, listensOn, messages, whenTaken }: AttemptResult): string[] {
  return [
    written.join('<br>'),
    listensOn === 'reserved' ? '4000' : listensOn === 'nothing' ? 'nothing' : `${listensOn} instead`,
    messages.join('<br>'),
    whenTaken === undefined ? '' : whenTaken === 'ends' ? 'exits' : 'listens on the next port, without being asked',
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
