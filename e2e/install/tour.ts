/** A command of a page, and the lines that the page says it prints. */
export interface TourStep {
  readonly command: string;
  readonly output: readonly string[];
}

/**
 * The commands of the `console` blocks in a page's introduction and in one of its sections, of each up to the first
 * block in another language.
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

/** The commands of one `console` block. */
export function readSteps(block: string): TourStep[] {
  const steps: { command: string; output: string[] }[] = [];
  for (const line of block.trimEnd().split('\n')) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: [] });
    else steps.at(-1)?.output.push(line);
  }
  return steps;
}

/** What a person at a terminal sees of what was printed to none: without the line to run next, which programs are told. */
export function asOnTerminal(printed: string): string {
  return printed.replace(/^Next: candle .*\n/gm, '');
}

/** As the page and the machine would both say it: without pids, times, users, directories and the widths of columns. */
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

/** What the tour asks for: a `server.js` that listens on PORT. */
export const tourServer = `require('node:http')
  .createServer((request, response) => response.end('hello\\n'))
  .listen(process.env.PORT, () => console.log('listening on ' + process.env.PORT));
`;
