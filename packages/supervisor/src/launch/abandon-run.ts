import type { Run } from '@candle/core';
import { marksOfRun } from '../observe/marks-of-run.ts';
import { stopTree } from '../stop/stop-tree.ts';
import type { Supervision } from '../supervision.ts';
import { sendSignal } from '../system/send-signal.ts';

/**
 * Kills a program whose start could not be recorded in the database, because a failed start must leave nothing running.
 * Writes nothing: the next command that works on the service reconciles the row, which still says `starting`.
 */
export async function abandonRun(supervision: Supervision, run: Run): Promise<void> {
  const marks = await marksOfRun(supervision, run);
  if (!marks) return;
  const { processes: processTable, waiting: clock } = supervision;
  await stopTree(marks, { signal: 'SIGKILL', timeoutMs: 0, processTable, sendSignal, clock });
}
