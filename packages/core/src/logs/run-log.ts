import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import type { RunDir } from '../runs/run-record.ts';
import { comparePositions, findPosition, type LogPosition, logBeginning } from './log-position.ts';
import {
  findTimeRecord,
  listSegments,
  readTimeIndex,
  type Segment,
  segmentLength,
  type TimeRecord,
} from './segments.ts';
import { compareSpool, findCopyEnd, isBeginning } from './spool.ts';

/** Output of one epoch without a gap. */
export interface OutputRange {
  readonly epoch: number;
  /** The first byte that still exists; earlier output was evicted. */
  readonly from: number;
  /** The offset after the last byte. */
  readonly to: number;
}

interface SourceRange extends OutputRange {
  readonly source: Segment | 'spool';
}

/** The maximum number of attempts when output is copied during a read. Each attempt takes some tens of microseconds. */
const maxReads = 50;

/**
 * Reads the output of one run: the segments, then the part of the spool that was not copied yet. It needs no supervisor,
 * and can read while a supervisor copies, frees and evicts, because a byte is in a segment before it leaves the spool.
 * Must be closed.
 */
export class RunLog {
  readonly dir: RunDir;
  readonly #fds = new Map<string, number>();
  readonly #times = new Map<string, { length: number; records: readonly TimeRecord[] }>();
  #sources: readonly SourceRange[] = [];
  #spoolAtMs: number | undefined;

  constructor(dir: RunDir) {
    this.dir = dir;
    this.refresh();
  }

  /** Takes a new snapshot of the existing output. */
  refresh(): void {
    this.#sources = this.#readSources();
    this.#spoolAtMs = undefined;
    this.#closeEvicted();
  }

  /** The ranges as of the last refresh, in order. */
  get ranges(): readonly OutputRange[] {
    const ranges: OutputRange[] = [];
    for (const { epoch, from, to } of this.#sources) {
      const last = ranges.at(-1);
      if (last?.epoch === epoch && last.to === from) ranges[ranges.length - 1] = { ...last, to };
      else ranges.push({ epoch, from, to });
    }
    return ranges;
  }

  /** The last epoch of which the copy knows, as of the last refresh. */
  get copiedEpoch(): number {
    return this.#sources.findLast(({ source }) => source !== 'spool')?.epoch ?? 0;
  }

  /** The position after the last byte, as of the last refresh. */
  get end(): LogPosition {
    const last = this.#sources.at(-1);
    return last ? { epoch: last.epoch, offset: last.to } : logBeginning;
  }

  /**
   * Reads contiguous bytes from a position, at most `length`; none at the end of a range. Undefined if the bytes are no
   * longer available.
   */
  read({ epoch, offset }: LogPosition, length: number): Buffer | undefined {
    for (let attempt = 0; attempt < maxReads; attempt++) {
      const source = this.#sources.find((one) => one.epoch === epoch && one.from <= offset && offset < one.to);
      if (!source) return this.isEndOfRange({ epoch, offset }) ? Buffer.alloc(0) : undefined;
      const bytes = this.#readSource(source, offset, Math.min(length, source.to - offset));
      if (source.source !== 'spool' && bytes) return bytes;
      this.refresh();
      // Bytes that were copied meanwhile may have been freed during the read.
      const now = this.#sources.find((one) => one.epoch === epoch && one.from <= offset && offset < one.to);
      if (bytes && now?.source === 'spool') return bytes;
    }
    return undefined;
  }

  /** When the byte at a position was read from the program; undefined if that is not recorded yet. */
  timeAt({ epoch, offset }: LogPosition): TimeRecord | undefined {
    const source = this.#sources.find((one) => one.epoch === epoch && one.from <= offset && offset < one.to);
    if (source === undefined) return undefined;
    return findTimeRecord(this.#timesIn(source), offset);
  }

  /** The times of a range by offset; each applies up to the next one. Infinity stands for output whose time is not recorded yet. */
  timesOf({ epoch, from, to }: OutputRange): readonly TimeRecord[] {
    return this.#sources
      .filter((source) => source.epoch === epoch && source.from < to && from < source.to)
      .flatMap((source) => {
        const times = this.#timesIn(source);
        const isNoted = times[0] !== undefined && times[0].offset <= source.from;
        return isNoted ? times : [{ offset: source.from, atMs: Infinity, isApproximate: true }, ...times];
      });
  }

  close(): void {
    for (const fd of this.#fds.values()) closeSync(fd);
    this.#fds.clear();
  }

  /** Whether output that still exists ends directly before the position. */
  isEndOfRange({ epoch, offset }: LogPosition): boolean {
    return this.ranges.some((range) => range.epoch === epoch && range.to === offset);
  }

  #readSources(): readonly SourceRange[] {
    for (let attempt = 0; attempt < maxReads; attempt++) {
      const copied = this.#copied();
      const spool = this.#notYetCopied(copied);
      const again = this.#copied().at(-1);
      const last = copied.at(-1);
      if (again?.epoch !== last?.epoch || again?.to !== last?.to) continue;
      return [...copied, ...spool];
    }
    return this.#copied();
  }

  #copied(): readonly SourceRange[] {
    return listSegments(this.dir).flatMap((segment) => {
      const length = segmentLength(segment);
      if (length === undefined) return [];
      const { epoch, offset } = segment;
      return [{ epoch, from: offset, to: offset + length, source: segment }];
    });
  }

  #notYetCopied(copied: readonly SourceRange[]): readonly SourceRange[] {
    const fd = this.#open(this.dir.spool);
    if (fd === undefined) return [];
    try {
      const end = findCopyEnd(copied.flatMap(({ source }) => (source === 'spool' ? [] : source)));
      const { epoch, offset } = end;
      const state = compareSpool(fd, end);
      const { size } = state;
      const rest = { from: offset, to: size, source: 'spool' } as const;
      if (state.kind === 'continued') return size > offset ? [{ epoch, ...rest }] : [];
      const { from, to } = state;
      const rewritten = { epoch: epoch + 1, from, to, source: 'spool' } as const;
      return to < offset && offset <= size ? [rewritten, { epoch: epoch + 2, ...rest }] : [rewritten];
    } catch {
      return []; // a segment was evicted meanwhile
    }
  }

  #readSource({ source, from }: SourceRange, offset: number, length: number): Buffer | undefined {
    const fd = this.#open(source === 'spool' ? this.dir.spool : source.path);
    if (fd === undefined) return undefined;
    const bytes = Buffer.allocUnsafe(length);
    const read = readSync(fd, bytes, 0, length, source === 'spool' ? offset : offset - from);
    return bytes.subarray(0, read);
  }

  /** An open file can be read to its end even if it is evicted meanwhile. */
  #open(path: string): number | undefined {
    const open = this.#fds.get(path);
    if (open !== undefined) return open;
    try {
      const fd = openSync(path, 'r');
      this.#fds.set(path, fd);
      return fd;
    } catch {
      return undefined;
    }
  }

  #timesIn({ source, from, to }: SourceRange): readonly TimeRecord[] {
    if (source === 'spool') {
      this.#spoolAtMs ??= statSync(this.dir.spool, { throwIfNoEntry: false })?.mtimeMs;
      return this.#spoolAtMs === undefined ? [] : [{ offset: from, atMs: this.#spoolAtMs, isApproximate: true }];
    }
    const known = this.#times.get(source.path);
    if (known?.length === to) return known.records;
    const records = readTimeIndex(source);
    this.#times.set(source.path, { length: to, records });
    return records;
  }

  /** Closes evicted files, so that following a run for days does not accumulate open files. */
  #closeEvicted(): void {
    const paths = new Set(this.#sources.map(({ source }) => (source === 'spool' ? this.dir.spool : source.path)));
    for (const [path, fd] of this.#fds) {
      if (path === this.dir.spool || paths.has(path)) continue;
      closeSync(fd);
      this.#fds.delete(path);
      this.#times.delete(path);
    }
  }
}

/**
 * What happened to the output between two positions where a reader found some. A program that writes over earlier lines
 * begins an epoch with these and another one with what follows; nothing is missing before the latter.
 */
export function findGap(before: LogPosition, { epoch, offset }: LogPosition): 'truncated' | 'evicted' | undefined {
  if (comparePositions({ epoch, offset }, before) === 0 || isBeginning({ epoch, offset })) return undefined;
  if (epoch === before.epoch) return 'evicted';
  return offset <= before.offset ? 'truncated' : undefined;
}

/** Whether the program has truncated or overwritten its output in this run, or did so in an earlier one. */
export function hasTruncated(dir: RunDir): boolean {
  if (existsSync(dir.reopensOutput)) return true;
  const log = new RunLog(dir);
  const { epoch } = log.end;
  log.close();
  return epoch > 0;
}

/** The existing output of a run from a position (or from its beginning), in order. */
export function visibleRanges(log: RunLog, start: LogPosition | undefined): readonly OutputRange[] {
  if (start === undefined || comparePositions(start, log.end) > 0) return log.ranges;
  return log.ranges.flatMap((range) => {
    if (range.epoch !== start.epoch) return range.epoch > start.epoch ? [range] : [];
    return range.to > start.offset ? [{ ...range, from: Math.max(range.from, start.offset) }] : [];
  });
}

/** Where a run's output begins for readers after `clear-logs`. */
export function logStartOf({ logStart }: { readonly logStart: string | null }): LogPosition | undefined {
  return logStart === null ? undefined : findPosition(logStart);
}
