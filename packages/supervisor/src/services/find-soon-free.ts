import type { Run } from '@candle/core';
import { findMembers, viewProcesses } from '../members/find-members.ts';
import { marksOfRun } from '../observe/marks-of-run.ts';
import type { Supervision } from '../supervision.ts';

/** The ports on which nobody listens but these runs: free as soon as the runs are over. Asks the kernel. */
export async function findSoonFree(supervision: Supervision, runs: readonly Run[]): Promise<readonly number[]> {
  if (runs.length === 0) return [];
  const { processes } = supervision;
  const view = viewProcesses(processes);
  const marks = await Promise.all(runs.map((run) => marksOfRun(supervision, run)));
  const members = new Set(marks.flatMap((of) => (of ? findMembers(view, of).members.map(({ pid }) => pid) : [])));
  const ports = new Set([...members].flatMap((pid) => view.sockets().portsOf(pid)));
  const isTheirs = (pid: number | undefined) => pid !== undefined && members.has(pid);
  return [...ports].filter((port) => processes.listenersOn(port).every(({ pid }) => isTheirs(pid)));
}
