import { closeSync, constants, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from './run.ts';

/** The files of one run. Each directory belongs to a single start and is never reused. */
export interface RunDir {
  readonly path: string;
  /** FIFO that the shim holds open: end of file means that the main program ended. */
  readonly exitPipe: string;
  /** FIFO for the program's stdin. */
  readonly in: string;
  /** The program's output, stdout and stderr in order. */
  readonly spool: string;
  /** Directory of the segments, which are the permanent copy of the spool. */
  readonly log: string;
  readonly command: string;
  /** The stopCommand while it runs; the file name ends with a dot and the pid of the process that runs it. */
  readonly stopCommand: string;
  readonly shim: string;
  readonly launch: string;
  /** A copy of the run's database row, in case the database is lost. */
  readonly record: string;
  readonly pid: string;
  readonly exit: string;
  /** Processes that were seen to belong to the run during its start. */
  readonly members: string;
}

export function runsDir(stateDir: string): string {
  return join(stateDir, 'runs');
}

export function runDir(stateDir: string, runId: string): RunDir {
  const path = join(runsDir(stateDir), runId);
  const file = (name: string) => join(path, name);
  return {
    path,
    exitPipe: file('exit-pipe'),
    in: file('in'),
    spool: file('spool'),
    log: file('log'),
    command: file('command'),
    stopCommand: file('stop-command'),
    shim: file('shim.sh'),
    launch: file('launch.json'),
    record: file('run.json'),
    pid: file('pid'),
    exit: file('exit'),
    members: file('members.json'),
  };
}

/**
 * `pid` and `exit` are created with this content and overwritten in place. Otherwise, a disk that fills up later could
 * make a run that started look like one that never did.
 */
export const unwrittenRecord = '           \n';

/** The content of `pid` or `exit`, or undefined if the shim has not written it or the file is gone. */
export function readRecord(path: string): number | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** When the shim wrote its exit record, in milliseconds since 1970. */
export function exitRecordedAtMs(dir: RunDir): number | undefined {
  const stats = statSync(dir.exit, { throwIfNoEntry: false });
  return stats && Math.trunc(stats.mtimeMs);
}

/** Whether the run's shim holds the write end of its exit pipe. The kernel answers, so a reused pid cannot mislead. */
export function isShimAlive(dir: RunDir): boolean {
  return isHeldOpen(dir.exitPipe);
}

/** The same for a run that a build before the first release started. */
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
  return !isShimAlive(dir);
}
