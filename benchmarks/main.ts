// Measures how long candle takes, as ratios within one run: `pnpm run bench`. Whatever the figures say, it exits with 0: a
// benchmark is no test.
//   --quick      fewer runs
//   --markdown   the table as documentation wants it
//   --only NAME  only the figures whose name begins so, slow ones too: --only memory
//   --all        the slow figures too
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
  // pnpm and turbo pass the `--` on.
  allowPositionals: true,
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
});

// Ctrl-C reaches the command that is being measured; its figure fails, and everything is put away.
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
});

const { only, all } = options;
const chosen = figures.filter(({ name, isSlow }) => (only === undefined ? all || !isSlow : name.startsWith(only)));
if (chosen.length === 0) throw new Error(`There are: ${figures.map(({ name }) => name).join(', ')}`);

const loadBefore = readLoad();
const bench = openWorkbench(options.quick ? quickRounds : fullRounds);
const results: Result[] = [];
try {
  for (const figure of chosen) {
    if (interrupted) break;
    process.stderr.write(`measuring ${figure.title} …\n`);
    results.push(await measure(figure, bench));
  }
} finally {
  await bench.close().catch((error: unknown) => process.stderr.write(`Not put away: ${messageOf(error)}\n`));
}

const root = fileURLToPath(new URL('..', import.meta.url));
const render = options.markdown ? renderMarkdown : renderTable;
console.log(`
${render(results)}
${results.flatMap(({ notes }) => notes.map((note) => `\n- ${note}`)).join('')}

Medians of interleaved whole-process runs of the built bin (${relative(root, bin)}); the ratio is the median of each pair's ratio.
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
