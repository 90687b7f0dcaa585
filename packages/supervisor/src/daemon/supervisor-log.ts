import { fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { writeProblemOf } from '@candle/core/system';
import { maxLogBytes } from '../client/start-watchdog.ts';

/**
 * Returns a function that writes errors to supervisor.log, which is open for appending. A log that is too long is emptied first,
 * because a supervisor may run for months.
 */
export function supervisorLog(fd: number, now: () => Date): (error: unknown) => void {
  return (error) => {
    try {
      const stats = fstatSync(fd);
      if (stats.isFile() && stats.size > maxLogBytes) ftruncateSync(fd);
      writeSync(fd, `${now().toISOString()} ${describe(error)}\n`);
    } catch (problem) {
      // The supervisor works without its log.
      if (writeProblemOf(problem) === undefined) throw problem;
    }
  };
}

/** The stack says nothing about a problem of the disk. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return writeProblemOf(error) === undefined ? (error.stack ?? error.message) : error.message;
}
