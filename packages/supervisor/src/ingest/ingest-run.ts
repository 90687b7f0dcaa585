import { setImmediate as nextTick } from 'node:timers/promises';
import { GrowthWatch, type LogLimits, type RunDir } from '@candle/core';
import { type FreeSpool, freeableTo } from './free-spool.ts';
import { OutputCopy } from './output-copy.ts';

/** Of one run before the others have their turn: a flood of one must not keep the lines of another waiting. */
const bytesPerTick = 8 * 1024 * 1024;
const greatestSegmentBytes = 4 * 1024 * 1024;
const minSegmentBytes = 16 * 1024;
/** Segments that a service's output is made of at the least, so that evicting one does not take most of it away. */
const segmentsPerLimit = 8;
/** While the disk is full: often enough to go on soon, seldom enough to leave it alone. */
const fullDiskPauseMs = 250;
/** Taken away at once, all output would be gone before whoever fills the disk is seen to go on. */
const makeRoomEveryMs = 1_000;

/**
 * Of a spool that grows: a program that writes to it waits for some milliseconds while space is given back, so that is
 * done seldom. One that is quiet gets it back at once.
 */
const maxFreedAtOnce = 32 * 1024 * 1024;

function freedAtOnce(segmentBytes: number): number {
  return Math.min(maxFreedAtOnce, segmentBytes * segmentsPerLimit);
}

export interface Ingest {
  /** Copies what is left and ends; `isWhole` is false when the disk was full to the end. */
  finish(): Promise<{ isWhole: boolean }>;
  /** Ends at once. */
  close(): Promise<void>;
}

export interface IngestEffects {
  readonly nowMs: () => number;
  readonly freeSpool: FreeSpool;
  /** Space cannot be given back here: the spool grows until the run ends. */
  readonly onUnfreed: () => void;
  /** A segment was begun, or the disk is full: time to take old output away. Tells whether any was. */
  readonly onRolled: (isDiskFull: boolean) => Promise<boolean>;
  /** The service itself finds no room for what it prints. */
  readonly isDiskFull: () => boolean;
  /** Something else failed, and nothing more is copied. */
  readonly onFailed: (error: unknown) => void;
}

export function segmentBytesOf({ maxBytes }: LogLimits): number {
  return Math.min(greatestSegmentBytes, Math.max(minSegmentBytes, Math.floor(maxBytes / segmentsPerLimit)));
}

/** Copies the output of one run for as long as it comes. */
export function ingestRun(
  dir: RunDir,
  { segmentBytes, isApproximate }: { segmentBytes: number; isApproximate: boolean },
  effects: IngestEffects,
): Ingest {
  const copy = new OutputCopy(dir, { segmentBytes, isApproximate });
  const watch = new GrowthWatch(dir.spool);
  let state: 'following' | 'finishing' | 'closed' = 'following';
  let freedTo = { epoch: -1, offset: 0 };
  let canFree = true;

  /** Whether anything was given back. */
  const free = async (minBytes: number): Promise<boolean> => {
    const { epoch, offset } = copy.copiedTo;
    if (freedTo.epoch !== epoch) freedTo = { epoch, offset: 0 };
    const to = freeableTo(offset);
    if (!canFree || to - freedTo.offset < minBytes) return false;
    await copy.flush();
    canFree = await effects.freeSpool(dir.spool, freedTo.offset, to - freedTo.offset);
    if (canFree) freedTo = { epoch, offset: to };
    else effects.onUnfreed();
    return canFree;
  };

  const copySome = async (): Promise<number> => {
    try {
      const { copied, rolled } = copy.step(bytesPerTick, effects.nowMs());
      if (rolled) await effects.onRolled(false);
      await free(copied === 0 ? segmentBytes : freedAtOnce(segmentBytes));
      return copied;
    } catch (error) {
      if (!isFullDisk(error)) throw error;
      return (await makeRoom()) ? copySome() : -1;
    }
  };

  const makeRoom = async (): Promise<boolean> => {
    try {
      // What was copied is on the disk twice: nothing need be lost while that is so.
      if (await free(1)) return true;
      if (await effects.onRolled(true)) return true;
      // When more waits to be copied than it holds, the newest goes too: an empty one tells as well how far the copy is.
      return copy.beginEarly() && (await effects.onRolled(true));
    } catch (error) {
      if (!isFullDisk(error)) throw error;
      return false;
    }
  };

  /** When all is copied, nothing here fails on a full disk, and the service waits for room all the same. */
  let roomMadeAtMs = Number.NEGATIVE_INFINITY;
  const makeRoomForService = async () => {
    if (performance.now() - roomMadeAtMs < makeRoomEveryMs || !effects.isDiskFull()) return;
    roomMadeAtMs = performance.now();
    await makeRoom();
  };

  const run = async (): Promise<{ isWhole: boolean }> => {
    try {
      while (state !== 'closed') {
        const isLast = state === 'finishing';
        const copied = await copySome();
        if (copied === 0 && isLast) return { isWhole: true };
        if (copied < 0 && isLast) return { isWhole: false };
        if (copied >= bytesPerTick || isLast) await nextTick();
        else if (copied < 0) await new Promise((resolve) => setTimeout(resolve, fullDiskPauseMs));
        else {
          if (copied === 0) await makeRoomForService();
          await watch.wait(copied > 0);
        }
      }
      return { isWhole: false };
    } finally {
      watch.close();
      copy.close();
    }
  };

  const running = run();
  running.catch(effects.onFailed);
  const end = (next: typeof state) => {
    state = next;
    watch.wake();
    return running;
  };
  return {
    finish: () => end('finishing'),
    close: async () => {
      await end('closed').catch(() => undefined);
    },
  };
}

function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
