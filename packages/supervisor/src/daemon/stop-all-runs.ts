import { marksOfRun } from '../observe/marks-of-run.ts';
import { stopTree } from '../stop/stop-tree.ts';
import type { Supervision } from '../supervision.ts';
import { sendSignal } from '../system/send-signal.ts';

/** How long each service may take to exit before it is killed. */
const timeoutMs = 10_000;

/** Stops all runs after the state directory was deleted, because without their records nothing else could stop them. */
export async function stopAllRuns(supervision: Supervision): Promise<void> {
  const { store, processes: processTable, waiting: clock } = supervision;
  const runs = await store.runs.listActive();
  const stop = async (run: (typeof runs)[number]) => {
    const marks = await marksOfRun(supervision, run);
    if (marks) await stopTree(marks, { signal: 'SIGTERM', timeoutMs, processTable, sendSignal, clock });
  };
  await Promise.allSettled(runs.map(stop));
}
