import type { Written } from '../checkout.ts';
import type { Kind } from '../kind.ts';

export interface KindResult {
  readonly kind: Kind;
  readonly written: Written;
}

/** The page does not depend on when and where the tests ran: it changes only when a result changes. */
export function renderPage(results: readonly KindResult[]): string {
  return `<!-- Written by \`npm run test:up\`; do not edit. -->

# Projects and candle up

This page shows what \`candle up --yes --detach\` writes for projects of different kinds. In an empty HOME, the test runs
this command in a checkout of the project, in which nothing is installed and which has no \`.candle.json\`. Then every service
answers on its reserved port, and a second \`candle up\` changes nothing. After a commit, the test runs the same command in one
or four more worktrees. All their services answer too, each on another port, while those of the first checkout keep
running. \`npm run test:up\` makes the projects, tries all of them and writes this page. The projects are unchanged, as
their generators made them, or small ones from \`e2e/up/projects\`.

| Project | Service | Command | Port | Setup | Checkouts |
|---|---|---|---|---|---|
${results.flatMap(rowsOf).join('\n')}

A program in \`e2e/up/stand-ins\` replaces \`docker\`.
`;
}

function rowsOf({ kind, written: { services, setup } }: KindResult): string[] {
  const run = typeof setup === 'object' ? setup.run : setup;
  return services.map(({ name, shell, root, port }, index) => {
    const command = root === undefined ? code(shell) : `${code(shell)} in ${code(root)}`;
    const first = index === 0;
    const about = [first && run !== undefined ? code(run) : '', first ? String(1 + kind.worktrees) : ''];
    return row([first ? kind.title : '', code(name), command, port === null ? 'none' : 'reserved', ...about]);
  });
}

function code(text: string): string {
  return `\`${text}\``;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
