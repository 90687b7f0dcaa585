import { closeSync, existsSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  compareSpool,
  encodeTimeRecord,
  type LogPosition,
  listSegments,
  type RunDir,
  type Segment,
  segmentAt,
  timeRecordSize,
} from '@candle/core';

/** Read and written at once. */
const blockSize = 256 * 1024;
/** One for all: each step is done with it before another begins. */
const block = Buffer.allocUnsafe(blockSize);
/** Records closer than this tell nothing that a person could use. */
const recordEveryMs = 10;

export interface CopyStep {
  /** Bytes that were copied. */
  readonly copied: number;
  /** A segment was begun. */
  readonly rolled: boolean;
}

/**
 * Copies the spool of one run into segments, byte for byte. What is in segments is the only record of how far it has come,
 * so that a kill at any moment leaves nothing that could disagree. Only the holder of the supervisor's lock may have one.
 */
export class OutputCopy {
  readonly #dir: RunDir;
  readonly #segmentBytes: number;
  readonly #spoolFd: number;
  #epoch = 0;
  /** Of the generation: all before it is in segments. */
  #copiedTo = 0;
  /** When the spool was written to last, as of the last look. */
  #writtenAtMs: number | undefined;
  #segment: Segment | undefined;
  #segmentFd: number | undefined;
  #indexFd: number | undefined;
  /** Paths of segments with bytes that are perhaps not on the disk yet. */
  readonly #unflushed = new Set<string>();
  #recordedAtMs = Number.NEGATIVE_INFINITY;
  #isFirstApproximate: boolean;

  /** @param isApproximate nobody has watched since what was copied last was printed */
  constructor(dir: RunDir, { segmentBytes, isApproximate }: { segmentBytes: number; isApproximate: boolean }) {
    this.#dir = dir;
    this.#segmentBytes = segmentBytes;
    this.#isFirstApproximate = isApproximate;
    this.#spoolFd = openSync(dir.spool, 'r');
    try {
      // Only this one: the directory of a run that was forgotten must not come back.
      if (!existsSync(dir.log)) mkdirSync(dir.log, { mode: 0o700 });
      const last = listSegments(dir).at(-1);
      if (last) this.#resume(last);
    } catch (error) {
      closeSync(this.#spoolFd);
      throw error;
    }
  }

  get copiedTo(): LogPosition {
    return { epoch: this.#epoch, offset: this.#copiedTo };
  }

  /** Copies what is new, `budget` bytes at most. */
  step(budget: number, nowMs: number): CopyStep {
    const { size, mtimeMs } = fstatSync(this.#spoolFd);
    // A program may truncate it and print as much as before.
    if (size === this.#copiedTo && mtimeMs === this.#writtenAtMs) return { copied: 0, rolled: false };
    this.#writtenAtMs = mtimeMs;
    const state = compareSpool(this.#spoolFd, { offset: this.#copiedTo, segment: this.#segment });
    if (state.kind === 'truncated') this.#beginEpoch();
    let rolled = false;
    let copied = 0;
    const atMs = this.#isFirstApproximate ? mtimeMs : nowMs;
    while (copied < budget) {
      const room = this.#roomInSegment();
      const length = Math.min(blockSize, budget - copied, room > 0 ? room : this.#segmentBytes);
      const read = readSync(this.#spoolFd, block, 0, length, this.#copiedTo);
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

  /** Begins a segment although the newest is not full, when that one holds less than waits to be copied; or false. */
  beginEarly(): boolean {
    const held = this.#segment === undefined ? 0 : this.#copiedTo - this.#segment.offset;
    if (held === 0 || fstatSync(this.#spoolFd).size - this.#copiedTo <= held) return false;
    this.#beginSegment();
    return true;
  }

  /** Makes what was copied survive a crash of the system. */
  async flush(): Promise<void> {
    for (const segment of this.#unflushed) {
      // One that was evicted meanwhile need not survive anything.
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
    this.#epoch = segment.epoch;
    this.#openSegment(segment);
    this.#copiedTo = segment.offset + fstatSync(this.#segmentFd as number).size;
  }

  #beginEpoch(): void {
    this.#closeSegment();
    this.#epoch += 1;
    this.#copiedTo = 0;
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
      // A kill in the middle of a record leaves a piece of one.
      dropTornRecord(this.#indexFd);
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

  /** Before the bytes that it speaks of: a kill in between leaves a record that the next one makes void. */
  #record(atMs: number): void {
    if (this.#indexFd === undefined || Math.abs(atMs - this.#recordedAtMs) < recordEveryMs) return;
    const record = { offset: this.#copiedTo, atMs, isApproximate: this.#isFirstApproximate };
    try {
      writeWhole(this.#indexFd, encodeTimeRecord(record));
    } catch (error) {
      // All that follow would be read as shifted.
      dropTornRecord(this.#indexFd);
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
      // The file itself tells how far it came, also when the disk was full.
      this.#copiedTo = segment.offset + fstatSync(fd).size;
    }
  }

  #open(): { segment: Segment; fd: number } {
    if (this.#segment === undefined || this.#segmentFd === undefined) throw new Error('No segment is open');
    return { segment: this.#segment, fd: this.#segmentFd };
  }
}

/** On a full disk some of it may be written, and the rest fail. */
function writeWhole(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function dropTornRecord(indexFd: number): void {
  const { size } = fstatSync(indexFd);
  if (size % timeRecordSize !== 0) ftruncateSync(indexFd, size - (size % timeRecordSize));
}
