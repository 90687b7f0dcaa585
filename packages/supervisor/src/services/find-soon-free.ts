import type { Run } from '@candle/core';
import { takeProcessSnapshot } from '../members/find-members.ts';
import { listeningMembers } from '../members/listening-members.ts';
import { marksOfRun } from '../observe/marks-of-run.ts';
import type { Supervision } from '../supervision.ts';

/** The ports on which only these runs listen. They become free when the runs end. Queries the kernel. */
export async function findSoonFree(supervision: Supervision, runs: readonly Run[]): Promise<readonly number[]> {
  if (runs.length === 0) return [];
  const processSnapshot = takeProcessSnapshot(supervision.processes);
  const marks = await Promise.all(runs.map((run) => marksOfRun(supervision, run)));
  const own = marks.flatMap((of) => (of ? listeningMembers(processSnapshot, of) : []));
  const pids = [...new Set(own.map(({ process }) => process.pid))];
  const ports = new Set(own.map(({ port }) => port));
  return [...ports].filter((port) => processSnapshot.sockets().strangersOn(port, pids).length === 0);
}
