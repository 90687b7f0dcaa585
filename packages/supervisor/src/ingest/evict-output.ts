import { statfsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { defaultLogLimits, type LogLimits } from '@candle/core/config';
import { findPosition, type LogPosition, listSegments } from '@candle/core/logs';
import { type Run, runDir } from '@candle/core/runs';
import type { ServiceKey } from '@candle/core/services';
import type { Supervision } from '../supervision.ts';

/**
 * Removes the oldest output of a service until the rest fits into its limits or, if the disk is full, until at most
 * half of it is left. Returns whether any output was removed.
 */
export async function evictOutput(
  { store, stateDir, clock }: Supervision,
  key: ServiceKey,
  { isCopied, isDiskFull = false }: { isCopied: (runId: string) => boolean; isDiskFull?: boolean },
): Promise<boolean> {
  const service = await store.services.find(key);
  const runs = await store.runs.listOfService(key.projectDir, key.name);
  const segments = runs.flatMap((run) => storedSegments(stateDir, run, isCopied(run.id) || run.endedAtMs === null));
  const limits = service?.logLimits ?? defaultLogLimits;
  const stored = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  const maxBytes = isDiskFull ? Math.min(limits.maxBytes, stored / 2) : limits.maxBytes;
  const evicted = segmentsToEvict(segments, { ...limits, maxBytes }, clock.nowMs());
  for (const { path } of evicted) {
    await rm(path, { force: true });
    await rm(path.replace(/\.seg$/, '.idx'), { force: true });
  }
  return evicted.some(({ bytes }) => bytes > 0);
}

function storedSegments(stateDir: string, run: Run, isCopied: boolean): readonly StoredSegment[] {
  const logStart = run.logStart === null ? undefined : findPosition(run.logStart);
  const segments = listSegments(runDir(stateDir, run.id));
  return segments.flatMap((segment, index) => {
    const stats = statSync(segment.path, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    const isBefore =
      logStart !== undefined &&
      (segment.epoch < logStart.epoch ||
        (segment.epoch === logStart.epoch && segment.offset + stats.size <= logStart.offset));
    return [
      {
        ...segment,
        bytes: stats.size,
        lastWrittenAtMs: stats.mtimeMs,
        isCleared: isBefore,
        isInUse: isCopied && index === segments.length - 1,
      },
    ];
  });
}

export interface StoredSegment extends LogPosition {
  readonly path: string;
  readonly bytes: number;
  readonly lastWrittenAtMs: number;
  /** Readers begin after it, because of `clear-logs`. */
  readonly isCleared: boolean;
  /** The newest segment of a run marks how far its output was copied, so it is kept while the copy continues. */
  readonly isInUse: boolean;
}

/** Which segments of a service to evict, given all of them, oldest first. Pure. */
export function segmentsToEvict(
  segments: readonly StoredSegment[],
  { maxBytes, maxAgeMs }: LogLimits,
  nowMs: number,
): readonly StoredSegment[] {
  let total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  return segments.filter((segment) => {
    if (segment.isInUse) return false;
    const isEvicted = segment.isCleared || total > maxBytes || segment.lastWrittenAtMs < nowMs - maxAgeMs;
    if (isEvicted) total -= segment.bytes;
    return isEvicted;
  });
}

/** With less free space, a write of a program or the database may fail. */
const minFreeBytes = 256 * 1024;

/** Whether the file system of `path` has almost no space left for this user. */
export function isDiskNearlyFull(path: string): boolean {
  try {
    const { bavail, bfree, bsize } = statfsSync(path);
    return (process.geteuid?.() === 0 ? bfree : bavail) * bsize < minFreeBytes;
  } catch {
    return false; // The path does not exist any more.
  }
}
