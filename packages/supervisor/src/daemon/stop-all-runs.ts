import { marksOfRun } from '../observe/marks-of-run.ts';
import { stopTree } from '../stop/stop-tree.ts';
import type { Supervision } from '../supervision.ts';
import { sendSignal } from '../system/send-signal.ts';

/** How long each service may take to end by itself. */
const timeoutMs = 10_000;

/** The state directory was deleted: nobody could find or stop these runs any more. Their records are gone with it. */
export async function stopAllRuns(supervision: Supervision): Promise<void> {
  const { store, processes: processTable, waiting: clock } = supervision;
  const runs = await store.runs.listActive();
  const stop = async (run: (typeof runs)[number]) => {
    const marks = await marksOfRun(supervision, run);
    if (marks) await stopTree(marks, { signal: 'SIGTERM', timeoutMs, processTable, sendSignal, clock });
  };
  await Promise.allSettled(runs.map(stop));
}
