import { isSame, type RunMarks } from '../members/run-marks.ts';
import type { ProcessInfo, ProcessTable } from '../system/process-table.ts';
import type { SendSignal } from '../system/send-signal.ts';
import type { WaitClock } from '../system/wait-clock.ts';
import { awaitEnd } from './await-end.ts';
import { killTree } from './kill-tree.ts';
import { signalNewcomers } from './signal-newcomers.ts';
import { signalTree } from './signal-tree.ts';
import { openTreeScan, type TreeScan } from './tree-scan.ts';

export interface StopTreeOptions {
  /** The service's stop signal. SIGKILL asks nobody and waits for nothing. */
  readonly signal: NodeJS.Signals;
  /** How long the tree may take to end by itself before it is killed. */
  readonly timeoutMs: number;
  /** Called after about a second, then every five, with the processes that are waited for. */
  readonly onWaiting?: ((processes: readonly ProcessInfo[]) => void) | undefined;
  readonly processTable: ProcessTable;
  readonly sendSignal: SendSignal;
  readonly clock: WaitClock;
}

export interface StoppedTree {
  /** `gone`: no process of the run is left. */
  readonly outcome: 'gone' | 'survived';
  /** It did not end by itself in time: SIGKILL was used. */
  readonly killed: boolean;
  /** Left running on purpose, to be named. */
  readonly bystanders: readonly ProcessInfo[];
  /** What could not be ended, to be named. Empty when gone. */
  readonly survivors: readonly ProcessInfo[];
}

/** Ends the whole tree of a run, whether its guard still lives or only leftovers do. Returns when it is gone. */
export async function stopTree(run: RunMarks, options: StopTreeOptions): Promise<StoppedTree> {
  const scan = openTreeScan(run, options.processTable);
  const ended = options.signal !== 'SIGKILL' && (await askToEnd(run, scan, options));
  if (!ended) await killTree(scan, (process) => isSame(process, run.guard), options);

  const { members, outOfReach, bystanders } = scan();
  const survivors = [...members, ...outOfReach];
  return { outcome: survivors.length === 0 ? 'gone' : 'survived', killed: !ended, bystanders, survivors };
}

async function askToEnd(run: RunMarks, scan: TreeScan, options: StopTreeOptions): Promise<boolean> {
  const first = scan();
  signalTree(first, options.signal, options);
  await signalNewcomers(first, run.guard, scan, options.signal, options);
  return awaitEnd(first, scan, options, options);
}
