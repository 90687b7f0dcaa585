import { isPackageRunner } from '@candle/core/package-runners';
import { isShell, type ProcessIdentity, type ProcessInfo, type ProcessTable } from '../system/process-table.ts';
import { isSame } from './members-of.ts';

export type MainProcess<P = ProcessInfo> =
  | { readonly kind: 'found'; readonly process: P }
  /** A shell or a runner has several children, for example a pipeline. */
  | { readonly kind: 'several' }
  /** Only shells and runners are running. */
  | { readonly kind: 'none' };

/**
 * Finds the process that a person would signal to stop a service: the first one below Candle's shells that is neither a shell
 * nor the runner of a package manager, as long as each of those has a single child.
 */
export function findMainProcess(
  members: readonly ProcessInfo[],
  shim: ProcessIdentity | undefined,
  processTable: Pick<ProcessTable, 'describe'>,
): MainProcess {
  // A shim that was killed has left its children without a parent in the run.
  const pids = new Set(members.map(({ pid }) => pid));
  const shimProcess = members.filter((process) => isSame(process, shim));
  const top = shimProcess.length > 0 ? shimProcess : members.filter(({ ppid }) => !pids.has(ppid));
  const childrenOf = (pid: number) => members.filter(({ ppid }) => ppid === pid);
  return findBelow(top, { childrenOf, describe: processTable.describe });
}

/**
 * The PID of the main process below a process, or that of the process itself if there is no main process. Reads only the processes
 * between the two.
 */
export function findMainPid(pid: number, processTable: Pick<ProcessTable, 'childrenOf' | 'describe'>): number {
  const top = processTable.describe(pid);
  const main = findBelow<NamedProcess>(top ? [top] : [], processTable);
  return main.kind === 'found' ? main.process.pid : pid;
}

type NamedProcess = Pick<ProcessInfo, 'pid' | 'command'>;

interface Lineage<P> extends Pick<ProcessTable, 'describe'> {
  readonly childrenOf: (pid: number) => readonly P[];
}

function findBelow<P extends NamedProcess>(top: readonly P[], { childrenOf, describe }: Lineage<P>): MainProcess<P> {
  const isCarrier = ({ pid, command }: P) => {
    const commandLine = isShell(command) ? '' : (describe(pid)?.commandLine ?? '');
    return isShell(command) || isShellScript(commandLine) || isPackageRunner(commandLine);
  };
  let level = top;
  for (const seen = new Set<number>(); ; ) {
    const [process, ...others] = level;
    if (others.length > 0) return { kind: 'several' };
    // Parents can form a cycle in a snapshot that was read while PIDs were reused.
    if (process === undefined || seen.has(process.pid)) return { kind: 'none' };
    if (!isCarrier(process)) return { kind: 'found', process };
    seen.add(process.pid);
    level = childrenOf(process.pid);
  }
}

/** A script with a `#!` line has its own name, but the shell comes first on its command line. */
function isShellScript(commandLine: string): boolean {
  const [program = ''] = commandLine.split(' ', 1);
  return isShell(program.slice(program.lastIndexOf('/') + 1));
}
