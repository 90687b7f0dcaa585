import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../measure/statistics.ts';
import { takePairs } from '../measure/take-pairs.ts';
import { runCommand } from '../measure/time-command.ts';
import { waitUntil } from '../measure/wait-until.ts';
import { fixture } from '../workbench/fixture.ts';
import type { Workbench, Workspace } from '../workbench/workbench.ts';
import type { Note, PairFigure } from './figure.ts';

const lines = 1_000_000;
const lineBytes = 100;
const baseline = 'generator | cat > file';
const aim = { ratio: 1.2 };
/**
 * Pause before the generator starts. After it, Candle no longer polls frequently and waits for the next line instead.
 */
const quietMs = 1_000;

/** Measured by the writing program itself, from its first write to the end of its last one. */
export const throughputInLines: PairFigure = {
  name: 'throughput-lines',
  title: '1,000,000 lines of 100 bytes, one write per line',
  baseline,
  aim,
  isSlow: true,
  measure: (bench, note) => measureThroughput(bench, note, 'throughput-lines', 1),
};

export const throughputInBlocks: PairFigure = {
  name: 'throughput-blocks',
  title: '1,000,000 lines of 100 bytes, 64 KiB per write',
  baseline,
  aim,
  isSlow: true,
  measure: (bench, note) => measureThroughput(bench, note, 'throughput-blocks', 655),
};

interface Written {
  readonly milliseconds: number;
  readonly maxWriteMs: number;
}

async function measureThroughput(
  { rounds, openWorkspace, shellCommand }: Workbench,
  note: Note,
  name: string,
  linesPerWrite: number,
) {
  const maxWriteMs = { candle: 0, cat: 0 };
  const copiedAfterMs: number[] = [];
  const toFileMs: number[] = [];
  let lost = 0;
  const workspace = openWorkspace(name, {});
  const [go, result, file] = ['go', 'result', 'file'].map((part) => join(workspace.projectDir, part)) as [
    string,
    string,
    string,
  ];
  const generator = fixture('generates.mjs', lines, lineBytes, linesPerWrite, go, result);
  workspace.configure({ services: [{ name: 'flood', shell: generator, logs: { maxBytes: '1GB' } }] });

  const read = async (): Promise<Written> => {
    await sleep(quietMs);
    writeFileSync(go, '');
    await waitUntil('the generator has finished', () => existsSync(result));
    return JSON.parse(readFileSync(result, 'utf8'));
  };
  /** Measures the file system alone. Programs started by Candle also write to a file, not to a pipe. */
  const timeToFile = async () => {
    for (const path of [go, result, file]) rmSync(path, { force: true });
    const [, { milliseconds }] = await Promise.all([runCommand(shellCommand(`${generator} > '${file}'`)), read()]);
    return milliseconds;
  };
  const pairs = await takePairs(rounds.floods, {
    prepare: () => {
      for (const path of [go, result, file]) rmSync(path, { force: true });
    },
    measured: async () => {
      await runCommand(workspace.candle(['start', 'flood']));
      const written = await read();
      maxWriteMs.candle = Math.max(maxWriteMs.candle, written.maxWriteMs);
      copiedAfterMs.push(await timeCopy(workspace));
      lost += lines - countLines(workspace);
      return written.milliseconds;
    },
    baseline: async () => {
      const [, written] = await Promise.all([runCommand(shellCommand(`(${generator}) | cat > '${file}'`)), read()]);
      maxWriteMs.cat = Math.max(maxWriteMs.cat, written.maxWriteMs);
      toFileMs.push(await timeToFile());
      return written.milliseconds;
    },
  });
  note(
    `${name}: ${lost} lines lost; longest single write ${maxWriteMs.candle.toFixed(1)} ms (with cat ${maxWriteMs.cat.toFixed(1)} ms); generator > file ${median(toFileMs).toFixed(0)} ms; all lines copied at most ${Math.max(...copiedAfterMs).toFixed(0)} ms after the end.`,
  );
  return pairs;
}

async function timeCopy(workspace: Workspace): Promise<number> {
  const beganMs = performance.now();
  await waitUntil('all lines are copied', () => globSync(join(workspace.stateDir, 'runs', '*', 'spool')).length === 0);
  return performance.now() - beganMs;
}

/** Counts the lines of the newest run that are complete and at their correct position. */
function countLines(workspace: Workspace): number {
  const newest =
    globSync(join(workspace.stateDir, 'runs', '*', 'log'))
      .sort()
      .at(-1) ?? '';
  const offsetOf = (path: string) => Number(path.split('.').at(-2));
  const segments = globSync(join(newest, '*.seg')).sort((a, b) => offsetOf(a) - offsetOf(b));
  const text = Buffer.concat(segments.map((path) => readFileSync(path)));
  let found = 0;
  for (let line = 0; line < lines; line++) {
    const at = line * lineBytes;
    if (text.toString('latin1', at, at + 8) === String(line + 1).padStart(8, '0')) found += 1;
  }
  return found;
}
