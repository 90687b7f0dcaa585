import { closeSync, constants, lstatSync, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { type RunDir, readRecord, unwrittenRecord } from './run-record.ts';

/**
 * Notes that the run must stop and not be restarted, for a process that cannot say so in the database. `generation` is
 * the newest request at that time, so that a later start takes precedence. Does nothing if the note cannot be written.
 */
export function noteStop(dir: RunDir, generation: number): void {
  const text = `${String(generation).padEnd(unwrittenRecord.length - 1)}\n`;
  // A run of an earlier Candle has no such file yet. Nobody else may choose what the second file leads to, or
  // block this process with a FIFO.
  void (
    overwrite(dir.stop, constants.O_CREAT, text) ||
    overwrite(stopElsewhere(dir), constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, text)
  );
}

/**
 * Where a stop is noted while the state directory is read-only. The system may delete the file at a reboot, after which
 * nothing is restarted anyway.
 */
export function stopElsewhere({ path }: RunDir): string {
  return `/tmp/candle-${basename(path)}.stop`;
}

function overwrite(path: string, flags: number, text: string): boolean {
  try {
    const fd = openSync(path, constants.O_WRONLY | flags, 0o600);
    try {
      writeSync(fd, text, 0);
      return true;
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}

/** The generation that `noteStop` has noted; undefined if there is no note. */
export function findNotedStop(dir: RunDir): number | undefined {
  const elsewhere = stopElsewhere(dir);
  return readRecord(dir.stop) ?? (isOwn(elsewhere) ? readRecord(elsewhere) : undefined);
}

function isOwn(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.uid === process.geteuid?.();
}
