import { isShimAlive, type RunDir } from '../runs/run-dir.ts';
import { followOutput } from './follow-output.ts';
import { logBeginning } from './log-position.ts';
import { RunLog } from './run-log.ts';

/** Follows the output of a run from its beginning, byte for byte, until the main program has ended and all output is read. */
export async function* followRun(dir: RunDir, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const log = new RunLog(dir);
  try {
    const options = { from: logBeginning, isOver: () => !isShimAlive(dir), signal };
    for await (const { bytes } of followOutput(log, options)) yield bytes;
  } finally {
    log.close();
  }
}
