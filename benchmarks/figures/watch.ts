import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { runCommand } from '../measure/time-command.ts';
import { fixture } from '../workbench/fixture.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { ValueFigure } from './figure.ts';

const max = 10;
/** The first ones find `watch` still warming up. */
const thrownAway = 3;

/** From a service's write to the moment at which the reader of `candle watch` has the line. */
export const watchHot: ValueFigure = {
  name: 'watch-hot',
  title: 'watch: a line is shown after (one each 50 ms)',
  unit: 'ms',
  max,
  take: (bench) => timeLines(bench, 'watch-hot', { everyMs: 50, count: bench.rounds.hotLines }),
};

/** A service that was quiet for so long is not looked at again and again any more. */
export const watchCold: ValueFigure = {
  name: 'watch-cold',
  title: 'watch: a line is shown after (one each 1.3 s)',
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
    services: [{ name: 'clock', shell: fixture('tells-the-time.mjs', everyMs) }],
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
      if (times.length >= thrownAway + count) resolve();
    });
  });
  await Promise.race([enough, ended]);
  watch.kill('SIGINT');
  await ended;
  await runCommand(workspace.candle(['kill', 'clock']));
  if (times.length < thrownAway + count) throw new Error('candle watch ended by itself');
  return times.slice(thrownAway, thrownAway + count);
}
