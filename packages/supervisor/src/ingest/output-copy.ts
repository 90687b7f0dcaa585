import { closeSync, existsSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  beginCopy,
  type CopyEnd,
  compareSpool,
  encodeTimeRecord,
  extendCopy,
  findCopyEnd,
  type LogPosition,
  listSegments,
  type Segment,
  segmentAt,
  timeRecordSize,
} from '@candle/core/logs';
import type { RunDir } from '@candle/core/runs';

/** Bytes per read and write. */
const blockSize = 256 * 1024;
/** Shared by all copies, because steps are synchronous. */
const block = Buffer.allocUnsafe(blockSize);
/** Minimum interval between time records. A finer resolution is of no use to a reader. */
const recordEveryMs = 10;

export interface CopyStep {
  /** Number of bytes copied. */
  readonly copied: number;
  /** Whether a new segment was begun. */
  readonly rolled: boolean;
}

/**
 * Copies the spool of one run into segments, byte for byte. The segments themselves are the only record of the
 * progress, so a kill at any time cannot cause an inconsistency. Only the process that holds the supervisor lock may
 * create one.
 */
export class OutputCopy {
  readonly #dir: RunDir;
  readonly #segmentBytes: number;
  readonly #spoolFd: number;
  /** What is known of the spool up to where it was copied. */
  #end: CopyEnd;
  /** The offset in the spool where the copy continues. */
  #copiedTo: number;
  /** If the program has written over lines that were copied: up to where, and where the copy then continues. */
  #detour: { readonly to: number; readonly thenFrom: number } | undefined;
  /** Modification time of the spool at the last step. */
  #writtenAtMs: number | undefined;
  #segment: Segment | undefined;
  #segmentFd: number | undefined;
  #indexFd: number | undefined;
  /** Paths of segments whose bytes may not be on the disk yet. */
  readonly #unflushed = new Set<string>();
  #recordedAtMs = Number.NEGATIVE_INFINITY;
  #isFirstApproximate: boolean;

  /** @param isApproximate the existing output is older than the copy, so its times are approximate */
  constructor(dir: RunDir, { segmentBytes, isApproximate }: { segmentBytes: number; isApproximate: boolean }) {
    this.#dir = dir;
    this.#segmentBytes = segmentBytes;
    this.#isFirstApproximate = isApproximate;
    this.#spoolFd = openSync(dir.spool, 'r');
    try {
      // Not recursive: the directory of a removed run must not be created again.
      if (!existsSync(dir.log)) mkdirSync(dir.log, { mode: 0o700 });
      const segments = listSegments(dir);
      this.#end = findCopyEnd(segments);
      this.#copiedTo = this.#end.offset;
      const last = segments.at(-1);
      if (last) this.#resume(last);
    } catch (error) {
      closeSync(this.#spoolFd);
      throw error;
    }
  }

  get copiedTo(): LogPosition {
    return { epoch: this.#end.epoch, offset: this.#copiedTo };
  }

  /** Copies new output, at most `budget` bytes. */
  step(budget: number, nowMs: number): CopyStep {
    const { size, mtimeMs } = fstatSync(this.#spoolFd);
    // The size alone is not enough, because a program may truncate the spool and print as much as before.
    if (size === this.#copiedTo && mtimeMs === this.#writtenAtMs) return { copied: 0, rolled: false };
    let rolled = this.#detour === undefined && this.#followRewriting();
    this.#writtenAtMs = mtimeMs;
    let copied = 0;
    const atMs = this.#isFirstApproximate ? mtimeMs : nowMs;
    while (copied < budget) {
      if (this.#detour && this.#copiedTo >= this.#detour.to) rolled = this.#endDetour(this.#detour);
      const room = this.#roomInSegment();
      const wanted = Math.min(blockSize, budget - copied, (this.#detour?.to ?? Infinity) - this.#copiedTo);
      const read = readSync(
        this.#spoolFd,
        block,
        0,
        Math.min(wanted, room > 0 ? room : this.#segmentBytes),
        this.#copiedTo,
      );
      if (read === 0) break;
      if (room <= 0) {
        this.#beginSegment();
        rolled = true;
      }
      this.#record(atMs);
      this.#append(block.subarray(0, read));
      copied += read;
    }
    if (copied > 0) this.#isFirstApproximate = false;
    return { copied, rolled };
  }

  /**
   * Begins a segment although the newest one is not full, if that one holds less than what waits to be copied. Returns
   * whether it did.
   */
  beginEarly(): boolean {
    const held = this.#segment === undefined ? 0 : this.#copiedTo - this.#segment.offset;
    if (held === 0 || fstatSync(this.#spoolFd).size - this.#copiedTo <= held) return false;
    this.#beginSegment();
    return true;
  }

  /** Flushes the copied output to the disk, so that it survives a crash of the system. */
  async flush(): Promise<void> {
    for (const segment of this.#unflushed) {
      // A segment that was evicted in the meantime does not exist any more.
      const file = await open(segment, 'r').catch(() => undefined);
      await file?.datasync().finally(() => file.close());
      this.#unflushed.delete(segment);
    }
  }

  close(): void {
    this.#closeSegment();
    closeSync(this.#spoolFd);
  }

  #resume(segment: Segment): void {
    this.#openSegment(segment);
    // The copy that wrote it may not have flushed it.
    this.#unflushed.add(segment.path);
  }

  /** Begins an epoch if the program has truncated or overwritten the spool. Returns whether it did. */
  #followRewriting(): boolean {
    const state = compareSpool(this.#spoolFd, this.#end);
    if (state.kind === 'continued') return false;
    const { size, from, to } = state;
    const thenFrom = this.#copiedTo;
    this.#beginEpoch(from);
    if (to < thenFrom && thenFrom <= size) this.#detour = { to, thenFrom };
    return true;
  }

  #endDetour({ thenFrom }: { thenFrom: number }): true {
    this.#beginEpoch(thenFrom);
    this.#detour = undefined;
    return true;
  }

  /** Begins an epoch with an empty segment, which marks the place even if the program prints nothing more. */
  #beginEpoch(offset: number): void {
    const epoch = this.#end.epoch + 1;
    this.#closeSegment();
    this.#openSegment(segmentAt(this.#dir, { epoch, offset }));
    this.#end = offset === 0 ? beginCopy(epoch) : { ...this.#end, epoch };
    this.#copiedTo = offset;
  }

  #roomInSegment(): number {
    return this.#segment === undefined ? 0 : this.#segment.offset + this.#segmentBytes - this.#copiedTo;
  }

  #beginSegment(): void {
    this.#closeSegment();
    this.#openSegment(segmentAt(this.#dir, this.copiedTo));
  }

  #openSegment(segment: Segment): void {
    try {
      this.#segmentFd = openSync(segment.path, 'a', 0o600);
      this.#indexFd = openSync(segment.indexPath, 'a', 0o600);
      // A kill in the middle of a write leaves a partial record.
      dropPartialRecord(this.#indexFd);
    } catch (error) {
      this.#closeSegment();
      throw error;
    }
    this.#segment = segment;
    this.#recordedAtMs = Number.NEGATIVE_INFINITY;
  }

  #closeSegment(): void {
    for (const fd of [this.#segmentFd, this.#indexFd]) if (fd !== undefined) closeSync(fd);
    this.#segment = undefined;
    this.#segmentFd = undefined;
    this.#indexFd = undefined;
  }

  /** Called before the bytes are written. A kill in between leaves a record that the next one overrides. */
  #record(atMs: number): void {
    if (this.#indexFd === undefined || Math.abs(atMs - this.#recordedAtMs) < recordEveryMs) return;
    const record = { offset: this.#copiedTo, atMs, isApproximate: this.#isFirstApproximate };
    try {
      writeWhole(this.#indexFd, encodeTimeRecord(record));
    } catch (error) {
      // A partial record would shift all records that follow.
      dropPartialRecord(this.#indexFd);
      throw error;
    }
    this.#recordedAtMs = atMs;
  }

  #append(bytes: Buffer): void {
    const { segment, fd } = this.#open();
    this.#unflushed.add(segment.path);
    try {
      writeWhole(fd, bytes);
    } finally {
      // The size of the file is the actual progress, even if the disk was full.
      const end = segment.offset + fstatSync(fd).size;
      this.#end = extendCopy(this.#end, this.#copiedTo, bytes.subarray(0, end - this.#copiedTo));
      this.#copiedTo = end;
    }
  }

  #open(): { segment: Segment; fd: number } {
    if (this.#segment === undefined || this.#segmentFd === undefined) throw new Error('No segment is open');
    return { segment: this.#segment, fd: this.#segmentFd };
  }
}

/** Repeats short writes. On a full disk, a part may be written before the rest fails. */
function writeWhole(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function dropPartialRecord(indexFd: number): void {
  const { size } = fstatSync(indexFd);
  if (size % timeRecordSize !== 0) ftruncateSync(indexFd, size - (size % timeRecordSize));
}
