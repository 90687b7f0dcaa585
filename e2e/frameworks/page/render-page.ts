import type { AttemptResult, NameResult } from '../result.ts';

/** The part of the page about one case. Without results, the note gives the reason. */
export interface CaseResult {
  readonly title: string;
  readonly results: readonly AttemptResult[];
  readonly byName: readonly NameResult[];
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

## Host names

This table shows what a browser does with the URL that \`candle url web --named\` prints, such as
\`http://web.fix-login.shop.localhost:4000\`. \`npm run test:frameworks\` opens the page of each framework in Chromium, and
changes a file while the page is open. Without the setting in the last column, the page loads, but the framework rejects
the requests of its scripts. It also logs in to the Express project in two worktrees: at \`localhost\`, the second login
ends the first one, and under their host names, both stay logged in.

| Framework | By name | Needs |
|---|---|---|
${cases.flatMap(nameRowsOf).join('\n')}

These programs are not part of the tests. Rails since 7.0 and server-side rendering in Angular read further host names from
\`RAILS_DEVELOPMENT_HOSTS\` and \`NG_ALLOWED_HOSTS\`, which Candle sets. Rails 6.1 needs \`config.hosts << /.*\\.localhost/\` in
\`config/environments/development.rb\`.
`;
}

function rowsOf({ title, results, note }: CaseResult): string[] {
  if (results.length === 0) return [row([title, '', `not run here: ${note ?? 'skipped'}`, '', ''])];
  return results.map((result, index) => row([index === 0 ? title : '', ...cellsOf(result)]));
}

function nameRowsOf({ title, byName }: CaseResult): string[] {
  return byName.map(({ works, setting }) => row([title, works.join(', '), setting ?? 'nothing']));
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
