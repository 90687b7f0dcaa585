/** A command on a page, and the output that the page shows for it. */
export interface TourStep {
  readonly command: string;
  readonly output: readonly string[];
}

/**
 * Reads the commands in the `console` blocks of a page's introduction and of one section. In each of the two, reading
 * stops at the first block in another language.
 */
export function readTour(page: string, heading: string): TourStep[] {
  const [introduction = ''] = page.split('\n## ');
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [introduction, section].flatMap(readConsoleBlocks);
}

function readConsoleBlocks(text: string): TourStep[] {
  const steps: TourStep[] = [];
  for (const [, language, block = ''] of text.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    if (language !== 'console') break;
    steps.push(...readSteps(block));
  }
  return steps;
}

/** Reads the commands of one `console` block. */
export function readSteps(block: string): TourStep[] {
  const steps: { command: string; output: string[] }[] = [];
  for (const line of block.trimEnd().split('\n')) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: [] });
    else steps.at(-1)?.output.push(line);
  }
  return steps;
}

/** Removes the `Next:` line at the end, which candle prints only without a terminal, and what it reports on a busy machine. */
export function asOnTerminal(printed: string): string {
  return printed.replace(/^Waiting for '.*' to exit: .*\n/gm, '').replace(/^Next: candle .*\n(?![\s\S])/m, '');
}

/** Replaces what differs between the page and this machine: pids, times, users, directories and column widths. */
export function plainly(line: string, projectDir: string): string {
  return line
    .replaceAll(projectDir, '/home/ada/shop')
    .replace(/Reserved at: .*/, 'Reserved at: …')
    .replace(/, since .* as user .*/, ', since …, as user …')
    .replace(/^( {2}(?:Since|User)): .*/, '$1: …')
    .replace(/(\d) [AP]M\b/g, '$1 …')
    .replace(/\b\d+\b|\b\d+s\b/g, '#')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The files that the tour needs: a server that listens on PORT, and the script that starts it. */
export const tourFiles: Readonly<Record<'server.js' | 'package.json', string>> = {
  'server.js': `require('node:http')
  .createServer((request, response) => response.end('hello\\n'))
  .listen(process.env.PORT, () => console.log('listening on ' + process.env.PORT));
`,
  'package.json': `{
  "name": "api",
  "scripts": { "dev": "node server.js" }
}
`,
};

/** The author of the commit. */
export const tourAuthor = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};
