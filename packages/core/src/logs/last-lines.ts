import type { Run } from '../runs/run.ts';
import { runDir } from '../runs/run-dir.ts';
import { stripLine } from './line-pattern.ts';
import { linesBackward } from './lines-backward.ts';
import { RunLog } from './run-log.ts';
import { logStartOf, visibleRanges } from './visible-ranges.ts';

/** Usually enough to show why a program failed. */
const maxLines = 20;

/** Some programs print half of their code when they fail; this is enough to recognize the line. Characters. */
const maxShown = 1_000;

/** The last lines of a run for a message: oldest first, without escape sequences, long lines cut. */
export function readLastLines(stateDir: string, run: Pick<Run, 'id' | 'logStart'>): readonly string[] {
  const log = new RunLog(runDir(stateDir, run.id));
  const lines: string[] = [];
  try {
    for (const range of visibleRanges(log, logStartOf(run)).toReversed()) {
      for (const { text } of linesBackward(log, range)) {
        if (lines.length === maxLines) return lines.reverse();
        lines.push(shorten(stripLine(text)));
      }
    }
    return lines.reverse();
  } finally {
    log.close();
  }
}

function shorten(line: string): string {
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line;
}
