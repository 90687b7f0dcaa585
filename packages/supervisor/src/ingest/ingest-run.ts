import { setImmediate as nextTick } from 'node:timers/promises';
import type { LogLimits } from '@candle/core/config';
import { comparedBytes, GrowthWatch, type LogPosition } from '@candle/core/logs';
import type { RunDir } from '@candle/core/runs';
import { isDiskFull, writeProblemOf } from '@candle/core/system';
import { OutputCopy } from './output-copy.ts';

/** How much of one run is copied before the others continue, so that a flood of output does not delay other runs. */
const bytesPerTick = 8 * 1024 * 1024;
const maxSegmentBytes = 4 * 1024 * 1024;
const minSegmentBytes = 16 * 1024;
/** A service's limit holds at least this many segments, so that evicting one does not remove most of the output. */
const segmentsPerLimit = 8;
/** Pause between attempts while nothing can be written: short enough to resume soon, long enough to cause little load. */
const pauseMs = 250;
/**
 * Minimum interval between evictions. Without it, a program that fills the disk could cause the eviction of all output.
 */
const makeRoomEveryMs = 1_000;

/**
 * A growing spool is freed rarely, in large steps, because a program that writes to it blocks for a few milliseconds
 * while space is freed. A quiet spool is freed immediately.
 */
const maxFreeStepBytes = 32 * 1024 * 1024;

function freeStepBytes(segmentBytes: number): number {
  return Math.min(maxFreeStepBytes, segmentBytes * segmentsPerLimit);
}

export interface Ingest {
  /** Copies the rest and stops. `isWhole` is false if nothing could be written. */
  finish(): Promise<{ isWhole: boolean }>;
  /** Stops immediately. */
  close(): Promise<void>;
}

export interface IngestEffects {
  readonly nowMs: () => number;
  /** Called before each step of the copy. */
  readonly onStep?: (() => void) | undefined;
  readonly freeSpool: FreeSpool;
  /** The system cannot free space, so the spool grows until the run ends. */
  readonly onUnfreed: () => void;
  /** The program has truncated or overwritten its output. */
  readonly onRewritten: () => void;
  /** A new segment was begun, or the disk is full: evicts old output. Returns whether any was evicted. */
  readonly onRolled: (isDiskFull: boolean) => Promise<boolean>;
  /** Whether the service itself has no space for its output. */
  readonly isDiskFull: () => boolean;
  /** Called if nothing can be written for another reason, and for any other failure, after which nothing more is copied. */
  readonly onFailed: (error: unknown) => void;
}

export function segmentBytesOf({ maxBytes }: LogLimits): number {
  return Math.min(maxSegmentBytes, Math.max(minSegmentBytes, Math.floor(maxBytes / segmentsPerLimit)));
}

/** Copies the output of one run continuously until it is finished or closed. */
export function ingestRun(
  dir: RunDir,
  { segmentBytes, isApproximate }: { segmentBytes: number; isApproximate: boolean },
  effects: IngestEffects,
): Ingest {
  let copy = new OutputCopy(dir, { segmentBytes, isApproximate });
  let isCopyBroken = false;
  const watch = new GrowthWatch(dir.spool);
  let state: 'following' | 'finishing' | 'closed' = 'following';
  let freedTo = { epoch: -1, offset: 0 };
  let canFree = true;

  /** Returns whether any space was freed. */
  const free = async (minBytes: number): Promise<boolean> => {
    const { epoch } = copy.copiedTo;
    if (freedTo.epoch !== epoch) freedTo = { epoch, offset: 0 };
    const to = freeableTo(copy.copiedTo);
    if (!canFree || to - freedTo.offset < minBytes) return false;
    await copy.flush();
    canFree = await effects.freeSpool(dir.spool, freedTo.offset, to - freedTo.offset);
    if (canFree) freedTo = { epoch, offset: to };
    else effects.onUnfreed();
    return canFree;
  };

  const copySome = async (): Promise<number> => {
    try {
      effects.onStep?.();
      if (isCopyBroken) resume();
      const { copied, rolled } = copy.step(bytesPerTick, effects.nowMs());
      if (rolled) {
        if (copy.copiedTo.epoch > 0) effects.onRewritten();
        await effects.onRolled(false);
      }
      await free(copied === 0 ? segmentBytes : freeStepBytes(segmentBytes));
      return copied;
    } catch (error) {
      if (isDiskFull(error)) return (await makeRoom()) ? copySome() : -1;
      if (writeProblemOf(error) === undefined) throw error;
      effects.onFailed(error);
      isCopyBroken = true;
      return -1;
    }
  };

  /** After an error of the disk, only the segments themselves show how much is copied. */
  const resume = () => {
    const resumed = new OutputCopy(dir, { segmentBytes, isApproximate: false });
    copy.close();
    copy = resumed;
    isCopyBroken = false;
  };

  const makeRoom = async (): Promise<boolean> => {
    try {
      // Copied output is on the disk twice, so free that first: nothing is lost.
      if (await free(1)) return true;
      if (await effects.onRolled(true)) return true;
      // If more output waits to be copied than the newest segment holds, that segment can be evicted as well, because a
      // new empty segment marks the progress equally well.
      return copy.beginEarly() && (await effects.onRolled(true));
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      return false;
    }
  };

  /** If everything is copied, nothing here fails on a full disk, but the service itself may be waiting for space. */
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
        else if (copied < 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
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

/** Block size of common file systems: only whole blocks can be freed. */
const diskBlockBytes = 4096;

/** Frees the disk space of a copied part of a spool. Returns false if the system does not support it. */
type FreeSpool = (path: string, from: number, length: number) => Promise<boolean>;

/**
 * Up to where a spool can be freed if it is copied up to this position. Keeps the bytes that are needed to detect a truncation.
 */
function freeableTo({ epoch, offset }: LogPosition): number {
  return Math.max(0, Math.floor((offset - comparedBytes({ epoch })) / diskBlockBytes) * diskBlockBytes);
}

/** Punches a hole with util-linux. The file keeps its length, so the programs that write to it do not notice. */
export const punchHole: FreeSpool = async (path, from, length) => {
  const { execa } = await import('execa');
  const punched = await execa('fallocate', ['--punch-hole', '--offset', `${from}`, '--length', `${length}`, path], {
    reject: false,
    stdio: 'ignore',
  });
  return punched.exitCode === 0;
};
