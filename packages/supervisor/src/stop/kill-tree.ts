import type { ProcessInfo } from '../system/process-table.ts';
import type { WaitClock } from '../system/wait-clock.ts';
import { isGroupEmpty } from './await-end.ts';
import { type SignalEffects, signalProcess } from './signal-tree.ts';
import { membersOutsideGroup, type TreeScan, type TreeState } from './tree-scan.ts';

type KillEffects = SignalEffects & { readonly clock: WaitClock };

/** Time for the guard to write the exit record after its program was killed. It takes some ms. */
const exitRecordMs = 50;
/** Kill and scan again: measured need is 2 to 3; what is left after so many cannot be killed (state D, another user). */
const rounds = 20;
/** Scans of one round in which still new outsiders appear before it kills those it has. */
const freezeScans = 20;
/** Patience of one round with the kernel, which ends a killed process in its own time. */
const deathMs = 100;
const pollMs = 2;

/** Ends with SIGKILL what did not end by itself. The guard comes last, so that a killed program has its exit recorded too. */
export async function killTree(scan: TreeScan, isShimProcess: (process: ProcessInfo) => boolean, effects: KillEffects) {
  const { members } = scan();
  for (const process of members) if (!isShimProcess(process)) signalProcess(process, 'SIGKILL', effects);
  await awaitDeath(members.filter(isShimProcess), exitRecordMs, effects);

  let tree = scan();
  for (let round = 0; round < rounds; round++) {
    if (tree.members.length === 0 && (await isGroupEmpty(tree, scan, effects))) return;
    const refused = await killRound(tree, scan, effects);
    if (tree.members.length > 0 && tree.members.every((process) => refused.has(process.pid))) return;
    tree = scan();
  }
}

async function killRound(tree: TreeState, scan: TreeScan, effects: KillEffects): Promise<ReadonlySet<number>> {
  // At one stroke, which no fork can outrun: the kernel holds the list of the group meanwhile.
  if (tree.group !== undefined && tree.members.some((process) => process.pgid === tree.group)) {
    effects.sendSignal(-tree.group, 'SIGKILL');
  }
  const outsiders = freezeOutsiders(tree, scan, effects);
  const refused = new Set<number>();
  for (const process of outsiders) {
    if (signalProcess(process, 'SIGKILL', effects) === 'refused') refused.add(process.pid);
  }
  await awaitDeath([...tree.members, ...outsiders], deathMs, effects);
  return refused;
}

/** Stops the members outside the group until a scan finds no new one, so that none forks while the others are killed. */
function freezeOutsiders(tree: TreeState, scan: TreeScan, effects: KillEffects): ProcessInfo[] {
  const frozen = new Map<string, ProcessInfo>();
  let outsiders = membersOutsideGroup(tree);
  for (let scans = 0; scans < freezeScans; scans++) {
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
