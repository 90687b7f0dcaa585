import type { PortHolder, ProcessInfo } from '../system/process-table.ts';

/** Processes for a sentence: `node (pid 12) and 3 more`. */
export function describeProcesses(processes: readonly Pick<ProcessInfo, 'pid' | 'command'>[]): string {
  const [first, ...others] = processes;
  if (!first) return 'no process';
  return `${first.command} (pid ${first.pid})${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

/** Who holds a port; of another user's process often only the user is known. */
export function describeHolders(holders: readonly PortHolder[]): string {
  const [holder] = holders;
  if (holder?.pid !== undefined) return `${holder.command ?? 'a process'} (pid ${holder.pid})`;
  return holder?.uid === undefined ? 'another program' : `a program of user ${holder.uid}`;
}
