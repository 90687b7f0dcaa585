import type { ProcessInfo } from '../system/process-table.ts';
import type { WaitClock } from '../system/wait-clock.ts';
import { isGroupEmpty } from './await-end.ts';
import { type SignalEffects, signalProcess } from './signal-tree.ts';
import { membersOutsideGroup, type TreeScan, type TreeState } from './tree-scan.ts';

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
export async function killTree(scan: TreeScan, isShimProcess: (process: ProcessInfo) => boolean, effects: KillEffects) {
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
