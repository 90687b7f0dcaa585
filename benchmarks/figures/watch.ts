import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { runCommand } from '../measure/time-command.ts';
import { fixture } from '../workbench/fixture.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { ValueFigure } from './figure.ts';

const max = 10;
/** Number of lines to ignore at the beginning, while `watch` is still warming up. */
const warmUpLines = 3;

/** Measured from a service's write until the reader of `candle watch` receives the line. */
export const watchHot: ValueFigure = {
  name: 'watch-hot',
  title: 'watch: delay of a line (one every 50 ms)',
  unit: 'ms',
  max,
  take: (bench) => timeLines(bench, 'watch-hot', { everyMs: 50, count: bench.rounds.hotLines }),
};

/** With pauses of this length, Candle no longer polls the output of the service frequently. */
export const watchCold: ValueFigure = {
  name: 'watch-cold',
  title: 'watch: delay of a line (one every 1.3 s)',
  unit: 'ms',
  max,
  take: (bench) => timeLines(bench, 'watch-cold', { everyMs: 1_300, count: bench.rounds.coldLines }),
};

async function timeLines(
  { openWorkspace }: Workbench,
  name: string,
  { everyMs, count }: { everyMs: number; count: number },
): Promise<readonly number[]> {
  const workspace = openWorkspace(name, {
    services: [{ name: 'clock', shell: fixture('prints-time.mjs', everyMs) }],
  });
  await runCommand(workspace.candle(['start', 'clock']));
  const { file, args, cwd, env } = workspace.candle(['watch', 'clock']);
  const watch = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(watch, 'close');
  const times: number[] = [];
  const enough = new Promise<void>((resolve) => {
    watch.stdout.setEncoding('utf8').on('data', (text: string) => {
      const now = process.hrtime.bigint();
      for (const line of text.match(/^\d+$/gm) ?? []) times.push(Number(now - BigInt(line)) / 1e6);
      if (times.length >= warmUpLines + count) resolve();
    });
  });
  await Promise.race([enough, ended]);
  watch.kill('SIGINT');
  await ended;
  await runCommand(workspace.candle(['kill', 'clock']));
  if (times.length < warmUpLines + count) throw new Error('candle watch exited by itself');
  return times.slice(warmUpLines, warmUpLines + count);
}
