import type { Run } from '@candle/core';
import { marksOfRun } from '../observe/marks-of-run.ts';
import { stopTree } from '../stop/stop-tree.ts';
import type { Supervision } from '../supervision.ts';
import { sendSignal } from '../system/send-signal.ts';

/**
 * Ends a program whose start the ledger could not be told: a start that fails leaves nothing running. Writes nothing; the
 * row that says `starting` is settled by whoever works on the service next.
 */
export async function abandonRun(supervision: Supervision, run: Run): Promise<void> {
  const marks = await marksOfRun(supervision, run);
  if (!marks) return;
  const { processes: processTable, waiting: clock } = supervision;
  await stopTree(marks, { signal: 'SIGKILL', timeoutMs: 0, processTable, sendSignal, clock });
}
