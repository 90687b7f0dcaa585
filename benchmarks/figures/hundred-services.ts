import type { Pair } from '../measure/take-pairs.ts';
import { timeCommand } from '../measure/time-command.ts';
import { openProgram } from '../workbench/bare-program.ts';
import { fixture } from '../workbench/fixture.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { PairFigure } from './figure.ts';

const count = 100;

interface Hundred {
  readonly start: readonly Pair[];
  readonly ps: readonly Pair[];
  readonly kill: readonly Pair[];
}

const taken = new WeakMap<Workbench, Promise<Hundred>>();

/** The three figures are measured together: services are started, listed and then stopped. */
function take(bench: Workbench): Promise<Hundred> {
  const known = taken.get(bench) ?? measure(bench);
  taken.set(bench, known);
  return known;
}

export const startHundred: PairFigure = {
  name: 'hundred-start',
  title: 'start of 100 services',
  baseline: '100 bare spawns, until each has printed a line',
  isSlow: true,
  measure: async (bench) => (await take(bench)).start,
};

export const psHundred: PairFigure = {
  name: 'hundred-ps',
  title: 'ps of 100 services',
  baseline: 'node -e 0',
  isSlow: true,
  measure: async (bench) => (await take(bench)).ps,
};

export const killHundred: PairFigure = {
  name: 'hundred-kill',
  title: 'kill of 100 services',
  baseline: 'SIGTERM to 100 bare processes, until each has exited',
  isSlow: true,
  measure: async (bench) => (await take(bench)).kill,
};

/** Runs one additional round first, whose results are discarded. */
async function measure({ rounds, openWorkspace, shellCommand, bareNode }: Workbench): Promise<Hundred> {
  const shell = fixture('idles.mjs');
  const services = Array.from({ length: count }, (_, index) => ({ name: `s${index}`, shell }));
  const workspace = openWorkspace('hundred', { services });
  const pairs: Record<keyof Hundred, Pair[]> = { start: [], ps: [], kill: [] };
  for (let round = 0; round <= rounds.hundreds; round++) {
    const start = await timeCommand(workspace.candle(['start', '--bg']));
    const ps = await timeCommand(workspace.candle(['ps']));
    const psBaseline = await timeCommand(bareNode);
    const kill = await timeCommand(workspace.candle(['kill']));
    const beganMs = performance.now();
    const programs = await Promise.all(Array.from({ length: count }, () => openProgram(shellCommand(`exec ${shell}`))));
    const startBaseline = performance.now() - beganMs;
    const killBaseline = Math.max(...(await Promise.all(programs.map((program) => program.end()))));
    if (round === 0) continue;
    pairs.start.push({ measured: start, baseline: startBaseline });
    pairs.ps.push({ measured: ps, baseline: psBaseline });
    pairs.kill.push({ measured: kill, baseline: killBaseline });
  }
  return pairs;
}
