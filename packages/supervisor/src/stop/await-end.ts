import { isSame } from '../members/run-marks.ts';
import type { ProcessInfo } from '../system/process-table.ts';
import type { WaitClock } from '../system/wait-clock.ts';
import type { SignalEffects } from './signal-tree.ts';
import type { TreeScan, TreeState } from './tree-scan.ts';

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
  readonly onWaiting?: ((processes: readonly ProcessInfo[]) => void) | undefined;
}

/**
 * `waitForCaller`: all remaining members are waiting for the calling process, so waiting for them would never finish.
 */
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

/** True for the moment of the scan only: a shell stops waiting when the signal ends the command that it called. */
function onlyWaitForCaller(living: readonly ProcessInfo[], { waitForCaller }: TreeState): boolean {
  return living.length > 0 && living.every((process) => waitForCaller.some((one) => isSame(one, process)));
}

/** The shim only waits for the others, so it is reported only if no other process is left. */
function withoutShim(living: readonly ProcessInfo[], { group }: TreeState): readonly ProcessInfo[] {
  const others = living.filter((process) => process.pid !== group);
  return others.length > 0 ? others : living;
}

/**
 * An empty scan does not prove that the group is empty, because processes that fork and exit faster than the scan reads
 * do not appear in it. Only ESRCH for the group proves it. Unreaped zombies also keep the group alive, so if the group
 * exists although scans find no live process, it is killed once. This ends all forking processes atomically and does
 * not affect zombies.
 */
export async function isGroupEmpty(
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
