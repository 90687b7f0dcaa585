import type { ProcessInfo } from '../system/process-table.ts';

/** Processes as part of a sentence: `node (pid 12) and 3 more`. */
export function describeProcesses(processes: readonly Pick<ProcessInfo, 'pid' | 'command'>[]): string {
  const [first, ...others] = processes;
  if (!first) return 'no process';
  return `${first.command} (pid ${first.pid})${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
