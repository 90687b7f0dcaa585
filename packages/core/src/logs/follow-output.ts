import { statSync } from 'node:fs';
import { GrowthWatch } from './growth-watch.ts';
import { comparePositions, type LogPosition } from './log-position.ts';
import type { RunLog } from './run-log.ts';

/** A chunk of new output. It follows the previous chunk directly, unless the bytes between them are gone. */
export interface OutputChunk {
  readonly position: LogPosition;
  readonly bytes: Buffer;
  /** It was printed after following began, so its time is now. */
  readonly isFresh: boolean;
}

export interface FollowOptions {
  readonly from: LogPosition;
  /** Called before each read. Once it returns true, the remaining output is read without waiting for more. */
  readonly isOver: () => boolean;
  readonly signal?: AbortSignal | undefined;
}

const blockSize = 256 * 1024;

/** How often to check for the end of the run, which does not make a file grow. Milliseconds. */
const overPollMs = 50;

/**
 * Follows the output of a run from a position, byte for byte. It works with or without another process that copies the
 * output, frees what was copied, evicts segments or begins a new epoch meanwhile.
 */
export async function* followOutput(log: RunLog, { from, isOver, signal }: FollowOptions): AsyncGenerator<OutputChunk> {
  const watch = new GrowthWatch(log.dir.spool);
  const wake = () => watch.wake();
  const clock = setInterval(() => {
    if (isOver()) wake();
  }, overPollMs);
  signal?.addEventListener('abort', wake);
  try {
    let at = from;
    for (let isFresh = false; !signal?.aborted; isFresh = true) {
      const isLast = isOver();
      log.refresh();
      let hasGrown = false;
      for (; !signal?.aborted; ) {
        at = nextPosition(log, at);
        const bytes = log.read(at, blockSize);
        hasGrown ||= bytes === undefined || bytes.length > 0;
        if (bytes === undefined || bytes.length === 0) break;
        yield { position: at, bytes, isFresh };
        at = { ...at, offset: at.offset + bytes.length };
      }
      if (isLast && !hasGrown) return;
      await watch.wait(hasGrown);
    }
  } finally {
    clearInterval(clock);
    signal?.removeEventListener('abort', wake);
    watch.close();
  }
}

/** The position itself if there is output after it; otherwise where the output continues. */
function nextPosition(log: RunLog, at: LogPosition): LogPosition {
  const { ranges } = log;
  if (ranges.some(({ epoch, from, to }) => epoch === at.epoch && from <= at.offset && at.offset < to)) return at;
  const later = ranges
    .map(({ epoch, from: offset }) => ({ epoch, offset }))
    .find((position) => comparePositions(position, at) > 0);
  if (later) return later;
  const last = ranges.at(-1);
  if (last === undefined || comparePositions(at, log.end) <= 0) return at;
  return hasShrunk(log, at) ? { epoch: last.epoch, offset: last.from } : at;
}

/** Whether the program truncated its output before any of it was copied, so that it does not count as a new epoch. */
function hasShrunk(log: RunLog, { offset }: LogPosition): boolean {
  const size = statSync(log.dir.spool, { throwIfNoEntry: false })?.size;
  return size !== undefined && size < offset;
}
