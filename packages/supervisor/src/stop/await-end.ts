import { isSame } from '../members/run-marks.ts';
import type { ProcessInfo } from '../system/process-table.ts';
import type { WaitClock } from '../system/wait-clock.ts';
import type { SignalEffects } from './signal-tree.ts';
import type { TreeScan, TreeState } from './tree-scan.ts';

/** Most trees end within some ms of the signal: look often at first. */
const firstPollMs = 5;
const maxPollMs = 40;
const pollGrowth = 1.5;
/** Between polls of the known members; a whole scan costs ten times as much. It finds those born meanwhile. */
const rescanEveryMs = 250;
/** Whoever waits longer than this wonders why. */
const firstWaitingReportMs = 1_000;
const waitingReportEveryMs = 5_000;

export interface EndWait {
  readonly timeoutMs: number;
  readonly onWaiting?: ((processes: readonly ProcessInfo[]) => void) | undefined;
}

/** `waitForCaller`: whoever is left waits for the calling process, so there is nothing to wait for. */
export type AwaitedEnd = 'ended' | 'timedOut' | 'waitForCaller';

/** Waits until no member is left. */
export async function awaitEnd(
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
    if (nowMs - startedAtMs >= wait.timeoutMs) return 'timedOut';
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

/** As of one scan: a shell whose call is over, as it was ended by the signal, waits for nobody any more. */
function onlyWaitForCaller(living: readonly ProcessInfo[], { waitForCaller }: TreeState): boolean {
  return living.length > 0 && living.every((process) => waitForCaller.some((one) => isSame(one, process)));
}

/** The guard itself only waits, for the others; it is worth a mention when it is alone. */
function withoutShim(living: readonly ProcessInfo[], { group }: TreeState): readonly ProcessInfo[] {
  const others = living.filter((process) => process.pid !== group);
  return others.length > 0 ? others : living;
}

/**
 * An empty scan is no proof: processes that fork and die faster than it reads are in none. Only the kernel's ESRCH for the
 * group is. Unreaped zombies hold the group too, so a group that stays while scans see nobody alive is killed
 * once: that ends the forkers at one stroke and does nothing to zombies.
 */
export async function isGroupEmpty(
  tree: TreeState,
  scan: TreeScan,
  { sendSignal, clock }: SignalEffects & { readonly clock: WaitClock },
): Promise<boolean> {
  if (tree.group === undefined || sendSignal(-tree.group, 0) !== 'sent') return true;
  await clock.sleep(firstPollMs); // most zombies are reaped by then
  const again = scan();
  if (again.members.length > 0) return false;
  if (again.group === undefined || sendSignal(-again.group, 'SIGKILL') !== 'sent') return true;
  await clock.sleep(firstPollMs);
  return scan().members.length === 0;
}
