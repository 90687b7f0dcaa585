import { isSame, type RunMarks } from '../members/run-marks.ts';
import type { ProcessInfo, ProcessTable } from '../system/process-table.ts';
import type { SendSignal } from '../system/send-signal.ts';
import type { WaitClock } from '../system/wait-clock.ts';
import { type AwaitedEnd, awaitEnd } from './await-end.ts';
import { killTree } from './kill-tree.ts';
import { signalNewcomers, signalTree } from './signal-tree.ts';
import { openTreeScan, type TreeScan } from './tree-scan.ts';

export interface StopTreeOptions {
  /** The service's stop signal. SIGKILL kills immediately, without waiting. */
  readonly signal: NodeJS.Signals;
  /** How long the tree may take to exit before it is killed. */
  readonly timeoutMs: number;
  /** If the tree was already asked to exit in another way: how long it may take before it is signalled. */
  readonly graceMs?: number;
  /** Called after about one second, then every five seconds, with the processes that are still running. */
  readonly onWaiting?: ((processes: readonly ProcessInfo[]) => void) | undefined;
  readonly processTable: ProcessTable;
  readonly sendSignal: SendSignal;
  readonly clock: WaitClock;
}

export interface StoppedTree {
  /** `gone`: no process of the run is left. */
  readonly outcome: 'gone' | 'survived';
  /** The tree did not exit in time and was killed with SIGKILL. */
  readonly killed: boolean;
  /** Shells of the run that waited for the calling process; they were killed with SIGKILL. */
  readonly waitedForCaller: readonly ProcessInfo[];
  /** Left running on purpose; the caller reports them. */
  readonly detachedHelpers: readonly ProcessInfo[];
  /** Processes that could not be killed; the caller reports them. Empty if the outcome is `gone`. */
  readonly survivors: readonly ProcessInfo[];
}

/**
 * Ends the whole process tree of a run, with or without a live shim. Returns when the tree is gone or cannot be killed.
 */
export async function stopTree(run: RunMarks, options: StopTreeOptions): Promise<StoppedTree> {
  const scan = openTreeScan(run, options.processTable);
  const end = await awaitOrAsk(run, scan, options);
  const waitedForCaller = end === 'waitForCaller' ? scan('skip').waitForCaller : [];
  if (end !== 'ended') await killTree(scan, (process) => isSame(process, run.shim), options);

  const { members, outOfReach, detachedHelpers } = scan();
  const survivors = [...members, ...outOfReach];
  return {
    outcome: survivors.length === 0 ? 'gone' : 'survived',
    killed: end === 'timedOut',
    waitedForCaller,
    detachedHelpers,
    survivors,
  };
}

async function awaitOrAsk(run: RunMarks, scan: TreeScan, options: StopTreeOptions): Promise<AwaitedEnd> {
  const { graceMs = 0, signal } = options;
  if (graceMs > 0) {
    const end = await awaitEnd(scan(), scan, { timeoutMs: graceMs }, options);
    if (end === 'ended') return end;
  }
  return signal === 'SIGKILL' ? 'timedOut' : askToEnd(run, scan, options);
}

async function askToEnd(run: RunMarks, scan: TreeScan, options: StopTreeOptions): Promise<AwaitedEnd> {
  const first = scan();
  signalTree(first, options.signal, options);
  await signalNewcomers(first, run.shim, scan, options.signal, options);
  return awaitEnd(first, scan, options, options);
}
