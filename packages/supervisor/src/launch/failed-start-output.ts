import { type Run, readLastLines } from '@candle/core';

/** Usually enough to show why a program failed. */
const lastLinesShown = 20;

/**
 * The last lines of a run's output, for an error: without escape sequences; empty if the run printed nothing or its
 * directory is gone.
 */
export function readOutputTail(
  { stateDir }: { stateDir: string },
  run: Pick<Run, 'id' | 'logStart'>,
): readonly string[] {
  return readLastLines(stateDir, run, lastLinesShown);
}

/** Renders the lines as part of a hint. */
export function lastLinesHint(lastLines: readonly string[]): readonly string[] {
  return lastLines.length > 0 ? ['Its last lines:', ...lastLines.map((line) => `  ${line}`)] : ['It printed nothing.'];
}
