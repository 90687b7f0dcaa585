import { statSync } from 'node:fs';
import { GrowthWatch } from './growth-watch.ts';
import { comparePositions, type LogPosition } from './log-position.ts';
import type { RunLog } from './run-log.ts';

/** Output as it comes. It stands behind the bytes before it, unless those in between are gone. */
export interface OutputChunk {
  readonly position: LogPosition;
  readonly bytes: Buffer;
  /** It came after the following had begun, so that it is as old as now. */
  readonly isFresh: boolean;
}

export interface FollowOptions {
  readonly from: LogPosition;
  /** Asked before each look: once it says so, what is there is read, and no more waited for. */
  readonly isOver: () => boolean;
  readonly signal?: AbortSignal | undefined;
}

const blockSize = 256 * 1024;

/** An end makes no file grow; it is asked for this often. */
const overPollMs = 50;

/**
 * The output of a run from a place on, byte for byte, as it comes; whoever copies it, frees what was copied, evicts, or
 * begins a new generation meanwhile, or nobody.
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
        at = nextPlace(log, at);
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

/** The place itself while there is something behind it; else where the output goes on. */
function nextPlace(log: RunLog, at: LogPosition): LogPosition {
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

/** The program has truncated its output, and nothing was copied of it by which it would be a new generation. */
function hasShrunk(log: RunLog, { offset }: LogPosition): boolean {
  const size = statSync(log.dir.spool, { throwIfNoEntry: false })?.size;
  return size !== undefined && size < offset;
}
