import type { ProcessIdentity, ProcessInfo } from '../system/process-table.ts';
import type { FoundProcesses } from './find-members.ts';
import { ancestorsOf, isInOwnGroup, isSame, type RunMarks, sharesStreams } from './members-of.ts';

/**
 * `own`: it belongs to the run alone and ends with it. `shared`: a daemon that other programs use too, such as that of pm2.
 * `opened`: a program for the user, such as a browser or an editor. A tree is stopped as a whole or not at all.
 */
export type TreeUse = 'own' | 'shared' | 'opened';

/** A process of a run outside the sessions and groups of its shim and its terminal, with its descendants in any session. */
export interface DetachedTree {
  readonly use: TreeUse;
  readonly root: ProcessInfo;
  /** The root, which comes first, and its descendants. */
  readonly processes: readonly ProcessInfo[];
}

/**
 * Finds the detached trees of a run. Pure, except that it may read the ports of the snapshot. `decided`: what earlier calls
 * have found, because a tree falls apart while it is stopped.
 */
export function findDetachedTrees(
  found: FoundProcesses,
  run: RunMarks,
  decided: (process: ProcessIdentity) => TreeUse | undefined = () => undefined,
): readonly DetachedTree[] {
  const { members, detachedHelpers } = found;
  const detachedMembers = members.filter((process) => !isInOwnGroup(process, found));
  const detached = [...detachedMembers, ...detachedHelpers];
  const byPid = new Map(detached.map((process) => [process.pid, process]));
  const rootOf = (process: ProcessInfo): ProcessInfo => {
    const ancestors = [...ancestorsOf([process.pid], byPid)];
    return ancestors.flatMap((pid) => byPid.get(pid) ?? []).at(-1) ?? process;
  };
  return [...Map.groupBy(detached, rootOf)].map(([root, processes]) => {
    const known = processes.map(decided).find((use) => use !== undefined);
    return {
      use: known ?? useOf({ root, processes }, found, run),
      root,
      processes: [root, ...processes.filter((process) => process !== root)],
    };
  });
}

/** A detached program that ends with a run although it is not the service: it listens, but not on the port of the run. */
export interface SideProgram {
  readonly process: ProcessInfo;
  readonly ports: readonly number[];
}

export function findSidePrograms(
  trees: readonly DetachedTree[],
  { members, terminal, processSnapshot }: Pick<FoundProcesses, 'members' | 'terminal' | 'processSnapshot'>,
  run: RunMarks,
): readonly SideProgram[] {
  // Without the shim, what is detached is the service itself.
  if (!members.some((process) => isSame(process, run.shim))) return [];
  return trees.flatMap(({ use, root, processes }) => {
    if (use !== 'own' || processes.some((process) => sharesStreams(process, run.runDir, terminal))) return [];
    const ports = [...new Set(processes.flatMap(({ pid }) => processSnapshot.sockets().portsOf(pid)))];
    const isService = ports.length === 0 || (run.port !== undefined && ports.includes(run.port));
    return isService ? [] : [{ process: root, ports }];
  });
}

type Tree = Pick<DetachedTree, 'root' | 'processes'>;

function useOf(tree: Tree, found: FoundProcesses, run: RunMarks): TreeUse {
  const { members, detachedHelpers } = found;
  if (!tree.processes.some((process) => members.includes(process))) return 'opened';
  if (servesOthers(tree, found, run) || isWorkerOfStranger(tree, found, run)) return 'shared';
  // A daemon has left its parent. A program that was opened for the user has not.
  const isOpened = detachedHelpers.includes(tree.root) && members.some(({ pid }) => pid === tree.root.ppid);
  return isOpened ? 'opened' : 'own';
}

/** Whether a daemon of this run has started a program with the environment of another caller. */
function servesOthers({ root, processes }: Tree, found: FoundProcesses, run: RunMarks): boolean {
  if (root.runId !== run.runId) return false;
  if (processes.some(({ isWithoutRunId }) => isWithoutRunId)) return true;
  const pids = new Set(processes.map(({ pid }) => pid));
  return found.processSnapshot.processes.some(
    (process) =>
      pids.has(process.ppid) &&
      process.runId !== undefined &&
      process.runId !== run.runId &&
      !process.isZombie &&
      !run.otherShims.some((shim) => isSame(process, shim)),
  );
}

/**
 * Whether a daemon that belongs to another program has started the tree for this run. Only decided while the shim is alive: a
 * process that adopts orphans, such as `systemd --user`, is then among the ancestors of the shim or of the caller.
 */
function isWorkerOfStranger({ root }: Tree, found: FoundProcesses, run: RunMarks): boolean {
  const { shim } = run;
  const { processSnapshot, members, detachedHelpers, outOfReach } = found;
  if (shim === undefined || !members.some((process) => isSame(process, shim))) return false;
  const byPid = new Map(processSnapshot.processes.map((process) => [process.pid, process]));
  const parent = byPid.get(root.ppid);
  if (parent === undefined || parent.pid === 1) return false;
  if ([...members, ...detachedHelpers, ...outOfReach].some((process) => isSame(process, parent))) return false;
  return !run.never.includes(parent.pid) && !ancestorsOf([shim.pid, ...run.never], byPid).has(parent.pid);
}
