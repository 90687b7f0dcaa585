import { type Run, readLastLines } from '@candle/core';

/**
 * The last lines of a run's output, for an error: without escape sequences; empty if the run printed nothing or its
 * directory no longer exists.
 */
export function readOutputTail(
  { stateDir }: { stateDir: string },
  run: Pick<Run, 'id' | 'logStart'>,
): readonly string[] {
  return readLastLines(stateDir, run);
}
