import { readLastLines as lastLinesOf, type Run } from '@candle/core';

/** Enough to say why a program has failed. */
const lastLinesShown = 20;

/** The last lines of a run, without escape sequences; none when it printed nothing, or its directory is gone. */
export function readLastLines(
  { stateDir }: { stateDir: string },
  run: Pick<Run, 'id' | 'logStart'>,
): readonly string[] {
  return lastLinesOf(stateDir, run, lastLinesShown);
}

/** The lines as a part of a hint. */
export function lastLinesHint(lastLines: readonly string[]): readonly string[] {
  return lastLines.length > 0 ? ['Its last lines:', ...lastLines.map((line) => `  ${line}`)] : ['It printed nothing.'];
}
