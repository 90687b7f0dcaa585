// Measures how long candle takes, mostly as ratios to a baseline of the same run: `pnpm run bench`. Exits with 0 even
// if a figure misses its aim, because a benchmark is not a test.
//   --quick      fewer runs
//   --markdown   print the table as Markdown, for the documentation
//   --only NAME  only figures whose names begin with NAME, including slow ones: --only memory
//   --all        include slow figures
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Figure } from './figures/figure.ts';
import { figures } from './figures/index.ts';
import { describeMachine, readLoad } from './report/describe-machine.ts';
import { renderMarkdown, renderTable } from './report/render-report.ts';
import type { Result } from './report/result.ts';
import { fullRounds, quickRounds } from './workbench/rounds.ts';
import { bin, openWorkbench, type Workbench } from './workbench/workbench.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    markdown: { type: 'boolean' },
    only: { type: 'string' },
    all: { type: 'boolean' },
  },
  // pnpm and turbo pass the `--` through.
  allowPositionals: true,
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
});

// Ctrl-C also reaches the command that is being measured. Its figure fails, and everything is cleaned up.
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
});

const { only, all } = options;
const selected = figures.filter(({ name, isSlow }) => (only === undefined ? all || !isSlow : name.startsWith(only)));
if (selected.length === 0) {
  throw new Error(`No figure begins with '${only}'. Available figures: ${figures.map(({ name }) => name).join(', ')}`);
}

const loadBefore = readLoad();
const bench = openWorkbench(options.quick ? quickRounds : fullRounds);
const results: Result[] = [];
try {
  for (const figure of selected) {
    if (interrupted) break;
    process.stderr.write(`measuring ${figure.title} …\n`);
    results.push(await measure(figure, bench));
  }
} finally {
  await bench.close().catch((error: unknown) => process.stderr.write(`Could not clean up: ${messageOf(error)}\n`));
}

const root = fileURLToPath(new URL('..', import.meta.url));
const render = options.markdown ? renderMarkdown : renderTable;
console.log(`
${render(results)}
${results.flatMap(({ notes }) => notes.map((note) => `\n- ${note}`)).join('')}

Medians of interleaved runs of whole processes of the built CLI (${relative(root, bin)}). The ratio is the median of the ratios of all pairs.
${describeMachine(loadBefore)}`);

async function measure(figure: Figure, bench: Workbench): Promise<Result> {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  try {
    return 'unit' in figure
      ? { figure, notes, values: await figure.take(bench, note) }
      : { figure, notes, pairs: await figure.measure(bench, note) };
  } catch (error) {
    return { figure, notes, failure: messageOf(error).split('\n', 1).join('') };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
