import { closeSync, constants, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from './run.ts';

/** The files of one run. A directory is made for one start and never used again. */
export interface RunDir {
  readonly path: string;
  /** FIFO that the guard holds open: end of file means that the main program is over. */
  readonly exitPipe: string;
  /** FIFO that is the program's stdin. */
  readonly in: string;
  /** What the program prints, stdout and stderr in their order. */
  readonly spool: string;
  /** Directory of the segments, the kept copy of the spool. */
  readonly log: string;
  readonly command: string;
  /** The stopCommand, while it runs; behind a point stands the pid of who runs it. */
  readonly stopCommand: string;
  readonly shim: string;
  readonly launch: string;
  /** The run's row of the ledger again, for the day on which the ledger is lost. */
  readonly record: string;
  readonly pid: string;
  readonly exit: string;
  /** Processes seen to belong to the run while it was started. */
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
 * `pid` and `exit` are made with this content and overwritten in place, so that a disk that fills up later cannot
 * make a run that did start look like one that never did.
 */
export const unwrittenRecord = '           \n';

/** What `pid` or `exit` say, or undefined when the guard has not written them (or they are gone). */
export function readRecord(path: string): number | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** When the guard wrote its exit record, milliseconds since 1970. */
export function exitRecordedAtMs(dir: RunDir): number | undefined {
  const stats = statSync(dir.exit, { throwIfNoEntry: false });
  return stats && Math.trunc(stats.mtimeMs);
}

/** Whether the run's shim holds the write end of its exit pipe. The kernel answers, so a reused pid cannot mislead. */
export function isShimAlive(dir: RunDir): boolean {
  return isHeldOpen(dir.exitPipe);
}

/** Whether a process holds the write end of this FIFO. */
export function isHeldOpen(fifo: string): boolean {
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
 * Is nothing more to come of the run, as far as its row and its files tell? A daemon that its main program left behind
 * goes on; a start that is under way has no guard yet.
 */
export function isRunOver(run: Run, dir: RunDir): boolean {
  if (run.endedAtMs !== null) return true;
  if (run.status === 'detached') return false;
  if (run.status === 'starting' && readRecord(dir.pid) === undefined) return false;
  return !isShimAlive(dir);
}
