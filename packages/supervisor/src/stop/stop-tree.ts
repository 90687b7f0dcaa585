import type { StopTarget } from '@candle/core/config';
import { isSame, type RunMarks } from '../members/members-of.ts';
import type { WaitClock } from '../supervision.ts';
import type { ProcessInfo, ProcessTable } from '../system/process-table.ts';
import type { SendSignal } from '../system/send-signal.ts';
import {
  membersOutsideGroup,
  openTreeScan,
  type SignalEffects,
  signalMember,
  signalNewcomers,
  signalProcess,
  signalTree,
  type TreeScan,
  type TreeState,
} from './signal-tree.ts';

export interface StopTreeOptions {
  /** The service's stop signal. SIGKILL kills immediately, without waiting. */
  readonly signal: NodeJS.Signals;
  /** How long the tree may take to exit before it is killed. */
  readonly timeoutMs: number;
  /** If omitted, `tree`. */
  readonly target?: StopTarget;
  /** If the tree was already asked to exit in another way: how long it may take before it is signalled. */
  readonly graceMs?: number;
  /** Called once, before anything is signalled. */
  readonly onTree?: ((tree: TreeState) => void) | undefined;
  /** Called after about one second, then every five seconds, with the processes that are still running. */
  readonly onWaiting?: ((processes: readonly ProcessInfo[]) => void) | undefined;
  readonly processTable: ProcessTable;
  readonly sendSignal: SendSignal;
  readonly clock: WaitClock;
}

export interface StoppedTree {
  /** `gone`: no process of the run is left. */
  readonly outcome: 'gone' | 'survived';
  /** The tree was killed with SIGKILL: it did not exit in time, or SIGKILL is the stop signal. */
  readonly killed: boolean;
  /** Shells of the run that waited for the calling process; they were killed with SIGKILL. */
  readonly waitedForCaller: readonly ProcessInfo[];
  /** Left running on purpose; the caller reports them. */
  readonly detachedHelpers: readonly ProcessInfo[];
  /** Daemons that other programs use too, with all of their workers. Left running. */
  readonly sharedDaemons: readonly ProcessInfo[];
  /** Processes that could not be killed; the caller reports them. Empty if the outcome is `gone`. */
  readonly survivors: readonly ProcessInfo[];
}

/**
 * Ends the whole process tree of a run, with or without a live shim. Returns when the tree is gone or cannot be killed.
 */
export async function stopTree(run: RunMarks, options: StopTreeOptions): Promise<StoppedTree> {
  const scan = openTreeScan(run, options.processTable);
  const first = scan();
  options.onTree?.(first);
  const end = await awaitOrAsk(run, first, scan, options);
  const waitedForCaller = end === 'waitForCaller' ? scan('skip').waitForCaller : [];
  if (end !== 'ended') await killTree(scan, (process) => isSame(process, run.shim), options);

  const { members, outOfReach, detachedHelpers, sharedDaemons } = scan();
  const survivors = [...members, ...outOfReach];
  return {
    outcome: survivors.length === 0 ? 'gone' : 'survived',
    killed: end === 'timedOut',
    waitedForCaller,
    detachedHelpers,
    sharedDaemons,
    survivors,
  };
}

async function awaitOrAsk(
  run: RunMarks,
  first: TreeState,
  scan: TreeScan,
  options: StopTreeOptions,
): Promise<AwaitedEnd> {
  const { graceMs = 0, signal } = options;
  if (graceMs > 0) {
    const end = await awaitEnd(first, scan, { timeoutMs: graceMs }, options);
    if (end === 'ended') return end;
  }
  return signal === 'SIGKILL' ? 'timedOut' : askToEnd(run, graceMs > 0 ? scan() : first, scan, options);
}

/** How long processes may take to exit after the stopCommand has finished or the main process has ended. */
export const followMs = 1_000;

async function askToEnd(run: RunMarks, tree: TreeState, scan: TreeScan, options: StopTreeOptions): Promise<AwaitedEnd> {
  const deadlineMs = options.clock.nowMs() + options.timeoutMs;
  const isMainAsked = options.target === 'main';
  const end = isMainAsked ? await askMainToEnd(run, tree, scan, options) : 'timedOut';
  if (end !== 'timedOut') return end;
  const first = isMainAsked ? scan() : tree;
  signalTree(first, options.signal, options);
  await signalNewcomers(first, run.shim, scan, options.signal, options);
  return awaitEnd(first, scan, { ...options, timeoutMs: deadlineMs - options.clock.nowMs() }, options);
}

/** Signals only the main process. `timedOut`: the other processes have to be signalled too, or there is no main process. */
async function askMainToEnd(
  run: RunMarks,
  tree: TreeState,
  scan: TreeScan,
  options: StopTreeOptions,
): Promise<AwaitedEnd> {
  const { processTable, clock, signal, timeoutMs, onWaiting } = options;
  // Loaded on demand, because few services are stopped like this.
  const { findMainProcess } = await import('../members/main-process.ts');
  const main = findMainProcess(tree.members, run.shim, processTable);
  if (main.kind !== 'found') return 'timedOut';
  signalMember(main.process, signal, options);
  let mainEndedAtMs = Infinity;
  const isOver = () => {
    if (!processTable.isAlive(main.process)) mainEndedAtMs = Math.min(mainEndedAtMs, clock.nowMs());
    return clock.nowMs() >= mainEndedAtMs + followMs;
  };
  return awaitEnd(tree, scan, { timeoutMs: timeoutMs / 2, isOver, onWaiting }, options);
}

type KillEffects = SignalEffects & { readonly clock: WaitClock };

/** Time for the shim to write the exit record after its program was killed, which takes a few ms. */
const exitRecordMs = 50;
/**
 * Rounds of kill and scan. 2 to 3 are usually enough; what is left after 20 cannot be killed (state D, another user).
 */
const maxRounds = 20;
/** How often one round scans for new members outside the group before it kills those that it has found. */
const maxFreezeScans = 20;
/** How long one round waits for the kernel to end killed processes. */
const deathTimeoutMs = 100;
const pollMs = 2;

/**
 * Kills all remaining processes with SIGKILL. The shim comes last, so that it records the exit of the killed program.
 */
async function killTree(scan: TreeScan, isShimProcess: (process: ProcessInfo) => boolean, effects: KillEffects) {
  const { members } = scan();
  for (const process of members) if (!isShimProcess(process)) signalProcess(process, 'SIGKILL', effects);
  await awaitDeath(members.filter(isShimProcess), exitRecordMs, effects);

  let tree = scan();
  for (let round = 0; round < maxRounds; round++) {
    if (tree.members.length === 0 && (await isGroupEmpty(tree, scan, effects))) return;
    const refused = await killRound(tree, scan, effects);
    if (tree.members.length > 0 && tree.members.every((process) => refused.has(process.pid))) return;
    tree = scan();
  }
}

async function killRound(tree: TreeState, scan: TreeScan, effects: KillEffects): Promise<ReadonlySet<number>> {
  // Atomic: the kernel locks the process group while it signals, so no fork can escape.
  if (tree.group !== undefined && tree.members.some((process) => process.pgid === tree.group)) {
    effects.sendSignal(-tree.group, 'SIGKILL');
  }
  const outsiders = freezeOutsiders(tree, scan, effects);
  const refused = new Set<number>();
  for (const process of outsiders) {
    if (signalProcess(process, 'SIGKILL', effects) === 'refused') refused.add(process.pid);
  }
  await awaitDeath([...tree.members, ...outsiders], deathTimeoutMs, effects);
  return refused;
}

/**
 * Suspends the members outside the group until a scan finds no new one, so that none can fork while others are killed.
 */
function freezeOutsiders(tree: TreeState, scan: TreeScan, effects: KillEffects): ProcessInfo[] {
  const frozen = new Map<string, ProcessInfo>();
  let outsiders = membersOutsideGroup(tree);
  for (let scans = 0; scans < maxFreezeScans; scans++) {
    const fresh = outsiders.filter((process) => !frozen.has(`${process.pid} ${process.startToken}`));
    if (fresh.length === 0) break;
    for (const process of fresh) {
      signalProcess(process, 'SIGSTOP', effects);
      frozen.set(`${process.pid} ${process.startToken}`, process);
    }
    outsiders = membersOutsideGroup(scan('skip'));
  }
  return [...frozen.values()];
}

async function awaitDeath(processes: readonly ProcessInfo[], timeoutMs: number, { processTable, clock }: KillEffects) {
  const deadlineMs = clock.nowMs() + timeoutMs;
  while (clock.nowMs() < deadlineMs && processes.some((process) => processTable.isAlive(process))) {
    await clock.sleep(pollMs);
  }
}

/** Most trees end within a few ms of the signal, so the first polls are close together. */
const firstPollMs = 5;
const maxPollMs = 40;
const pollGrowth = 1.5;
/** How often to scan for new members. A scan costs ten times as much as polling the known ones. */
const rescanEveryMs = 250;
/** Users who wait longer than this expect to be told why. */
const firstWaitingReportMs = 1_000;
const waitingReportEveryMs = 5_000;

export interface EndWait {
  readonly timeoutMs: number;
  /** Whether to stop waiting before the timeout. */
  readonly isOver?: () => boolean;
  readonly onWaiting?: ((processes: readonly ProcessInfo[]) => void) | undefined;
}

/**
 * `waitForCaller`: all remaining members are waiting for the calling process, so waiting for them would never finish.
 */
type AwaitedEnd = 'ended' | 'timedOut' | 'waitForCaller';

/** Waits until no member is left. */
async function awaitEnd(
  first: TreeState,
  scan: TreeScan,
  wait: EndWait,
  effects: SignalEffects & { readonly clock: WaitClock },
): Promise<AwaitedEnd> {
  const { clock, processTable } = effects;
  const startedAtMs = clock.nowMs();
  let living = first.members;
  let pollMs = firstPollMs;
  let rescanAtMs = startedAtMs + rescanEveryMs;
  let reportAtMs = startedAtMs + firstWaitingReportMs;

  for (;;) {
    living = living.filter((process) => processTable.isAlive(process));
    if (living.length === 0) {
      const tree = scan();
      if (tree.members.length === 0 && (await isGroupEmpty(tree, scan, effects))) return 'ended';
      living = tree.members;
    }
    if (onlyWaitForCaller(living, first) && onlyWaitForCaller(living, scan('skip'))) return 'waitForCaller';
    const nowMs = clock.nowMs();
    if (nowMs - startedAtMs >= wait.timeoutMs || wait.isOver?.()) return 'timedOut';
    if (nowMs >= rescanAtMs) {
      living = scan('skip').members;
      rescanAtMs = clock.nowMs() + rescanEveryMs;
    }
    if (nowMs >= reportAtMs && living.length > 0) {
      wait.onWaiting?.(withoutShim(living, first));
      reportAtMs = nowMs + waitingReportEveryMs;
    }
    await clock.sleep(Math.min(pollMs, startedAtMs + wait.timeoutMs - nowMs));
    pollMs = Math.min(pollMs * pollGrowth, maxPollMs);
  }
}

/** True for the moment of the scan only: a shell stops waiting when the signal ends the command that it called. */
function onlyWaitForCaller(living: readonly ProcessInfo[], { waitForCaller }: TreeState): boolean {
  return living.length > 0 && living.every((process) => waitForCaller.some((one) => isSame(one, process)));
}

/** The shim only waits for the others, so it is reported only if no other process is left. */
function withoutShim(living: readonly ProcessInfo[], { shim }: TreeState): readonly ProcessInfo[] {
  const others = living.filter((process) => !isSame(process, shim));
  return others.length > 0 ? others : living;
}

/**
 * An empty scan does not prove that the group is empty, because processes that fork and exit faster than the scan reads
 * do not appear in it. Only ESRCH for the group proves it. Unreaped zombies also keep the group alive, so if the group
 * exists although scans find no live process, it is killed once. This ends all forking processes atomically and does
 * not affect zombies.
 */
async function isGroupEmpty(
  tree: TreeState,
  scan: TreeScan,
  { sendSignal, clock }: SignalEffects & { readonly clock: WaitClock },
): Promise<boolean> {
  if (tree.group === undefined || sendSignal(-tree.group, 0) !== 'sent') return true;
  await clock.sleep(firstPollMs); // by then most zombies are reaped
  const again = scan();
  if (again.members.length > 0) return false;
  if (again.group === undefined || sendSignal(-again.group, 'SIGKILL') !== 'sent') return true;
  await clock.sleep(firstPollMs);
  return scan().members.length === 0;
}
