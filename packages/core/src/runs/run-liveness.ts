import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { throwIfOutOfFiles } from '../system/write-problem.ts';
import type { Run } from './run.ts';
import { type RunDir, readRecord } from './run-record.ts';

/** When the shim wrote its exit record, in milliseconds since 1970. */
export function exitRecordedAtMs(dir: RunDir): number | undefined {
  const stats = statSync(dir.exit, { throwIfNoEntry: false });
  return stats && Math.trunc(stats.mtimeMs);
}

/** Whether the run's shim holds the write end of its exit pipe. The kernel answers, so a reused pid cannot mislead. */
export function isShimAlive(dir: RunDir): boolean {
  return isHeldOpen(dir.exitPipe);
}

/** Whether a process moves the output of the run from its pipe to the spool. */
export function isOutputRead(dir: RunDir): boolean {
  return isHeldOpen(dir.reader);
}

/** How long the reader may take for the last output of a program. Processes that the program left may print for longer. */
export const lastOutputMs = 250;

/** Whether the main program has ended and its output is in the spool. */
export function hasPrintedAll(dir: RunDir): boolean {
  if (isShimAlive(dir)) return false;
  return !isOutputRead(dir) || Date.now() - (exitRecordedAtMs(dir) ?? 0) > lastOutputMs;
}

/** Whether the shim is alive of a run that a build before the first release started. */
export function isEarlierShimAlive(dir: RunDir): boolean {
  return isHeldOpen(join(dir.path, 'life'));
}

/** Whether a process holds the write end of this FIFO. */
function isHeldOpen(fifo: string): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    return readSync(fd, Buffer.alloc(1)) > 0;
  } catch (error) {
    throwIfOutOfFiles(error);
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * Whether the run is over according to its row and its files. A daemon that the main program left behind is not over,
 * and neither is a start in progress, which has no shim yet.
 */
export function isRunOver(run: Run, dir: RunDir): boolean {
  if (run.endedAtMs !== null) return true;
  if (run.status === 'detached') return false;
  if (run.status === 'starting' && readRecord(dir.pid) === undefined) return false;
  return hasPrintedAll(dir);
}
