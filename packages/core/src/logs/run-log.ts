import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { RunDir } from '../runs/run-dir.ts';
import type { LogPosition } from './log-position.ts';
import { listSegments, type Segment, segmentLength } from './segments.ts';
import { compareSpool } from './spool.ts';
import { findTimeRecord, readTimeIndex, type TimeRecord } from './time-index.ts';

/** Output without a gap: what is there of one generation. */
export interface Stretch {
  readonly generation: number;
  /** First byte that is still there; what came before was evicted. */
  readonly from: number;
  /** Behind the last byte. */
  readonly to: number;
}

interface Piece extends Stretch {
  readonly source: Segment | 'spool';
}

/** Looks that find the copy going on under them; each takes some tens of microseconds. */
const maxLooks = 50;

/**
 * Reads the output of one run: the segments, then what was not yet copied of the spool. Needs no supervisor, and may read
 * while one copies, frees and evicts: a byte is in a segment before it leaves the spool. Close it.
 */
export class RunLog {
  readonly dir: RunDir;
  readonly #fds = new Map<string, number>();
  readonly #times = new Map<string, { length: number; records: readonly TimeRecord[] }>();
  #pieces: readonly Piece[] = [];
  #spoolAtMs: number | undefined;

  constructor(dir: RunDir) {
    this.dir = dir;
    this.refresh();
  }

  /** Looks anew at what there is. */
  refresh(): void {
    this.#pieces = this.#look();
    this.#spoolAtMs = undefined;
    this.#letGo();
  }

  /** As of the last look, in their order. */
  get stretches(): readonly Stretch[] {
    const stretches: Stretch[] = [];
    for (const { generation, from, to } of this.#pieces) {
      const last = stretches.at(-1);
      if (last?.generation === generation && last.to === from) stretches[stretches.length - 1] = { ...last, to };
      else stretches.push({ generation, from, to });
    }
    return stretches;
  }

  /** Behind the last byte, as of the last look. */
  get end(): LogPosition {
    const last = this.#pieces.at(-1);
    return last ? { generation: last.generation, offset: last.to } : { generation: 0, offset: 0 };
  }

  /** Something that was printed is no longer there. */
  get isEvicted(): boolean {
    const [first] = this.#pieces;
    return first !== undefined && (first.from > 0 || first.generation > 0);
  }

  /**
   * Bytes from a place on, as many as are there in one piece and at most `length`; none at the end of a stretch.
   * Undefined when they are not there any more.
   */
  read({ generation, offset }: LogPosition, length: number): Buffer | undefined {
    for (let look = 0; look < maxLooks; look++) {
      const piece = this.#pieces.find((one) => one.generation === generation && one.from <= offset && offset < one.to);
      if (!piece) return this.#isEndOfStretch({ generation, offset }) ? Buffer.alloc(0) : undefined;
      const bytes = this.#readPiece(piece, offset, Math.min(length, piece.to - offset));
      if (piece.source !== 'spool' && bytes) return bytes;
      this.refresh();
      // What was copied meanwhile may have been freed while it was read.
      const now = this.#pieces.find((one) => one.generation === generation && one.from <= offset && offset < one.to);
      if (bytes && now?.source === 'spool') return bytes;
    }
    return undefined;
  }

  /** When the byte at a place was read from the program; undefined when nobody has noted it yet. */
  timeAt({ generation, offset }: LogPosition): TimeRecord | undefined {
    const piece = this.#pieces.find((one) => one.generation === generation && one.from <= offset && offset < one.to);
    if (piece === undefined) return undefined;
    return findTimeRecord(this.#timesIn(piece), offset);
  }

  /** The times of a stretch, by offset; each holds up to the next one. What nobody has noted yet is of now: Infinity. */
  timesOf({ generation, from, to }: Stretch): readonly TimeRecord[] {
    return this.#pieces
      .filter((piece) => piece.generation === generation && piece.from < to && from < piece.to)
      .flatMap((piece) => {
        const times = this.#timesIn(piece);
        const isNoted = times[0] !== undefined && times[0].offset <= piece.from;
        return isNoted ? times : [{ offset: piece.from, atMs: Infinity, isApproximate: true }, ...times];
      });
  }

  close(): void {
    for (const fd of this.#fds.values()) closeSync(fd);
    this.#fds.clear();
  }

  #isEndOfStretch({ generation, offset }: LogPosition): boolean {
    return this.stretches.some((stretch) => stretch.generation === generation && stretch.to === offset);
  }

  #look(): readonly Piece[] {
    for (let look = 0; look < maxLooks; look++) {
      const copied = this.#copied();
      const spool = this.#notYetCopied(copied.at(-1));
      const again = this.#copied().at(-1);
      const last = copied.at(-1);
      if (again?.generation !== last?.generation || again?.to !== last?.to) continue;
      return spool ? [...copied, spool] : copied;
    }
    return this.#copied();
  }

  #copied(): readonly Piece[] {
    return listSegments(this.dir).flatMap((segment) => {
      const length = segmentLength(segment);
      if (length === undefined) return [];
      const { generation, offset } = segment;
      return [{ generation, from: offset, to: offset + length, source: segment }];
    });
  }

  #notYetCopied(last: Piece | undefined): Piece | undefined {
    const fd = this.#open(this.dir.spool);
    if (fd === undefined) return undefined;
    const end = { offset: last?.to ?? 0, segment: last?.source === 'spool' ? undefined : last?.source };
    try {
      const { kind, size } = compareSpool(fd, end);
      const generation = last?.generation ?? 0;
      if (kind === 'truncated') return { generation: generation + 1, from: 0, to: size, source: 'spool' };
      return size > end.offset ? { generation, from: end.offset, to: size, source: 'spool' } : undefined;
    } catch {
      return undefined; // the segment was evicted meanwhile
    }
  }

  #readPiece({ source, from }: Piece, offset: number, length: number): Buffer | undefined {
    const fd = this.#open(source === 'spool' ? this.dir.spool : source.path);
    if (fd === undefined) return undefined;
    const bytes = Buffer.allocUnsafe(length);
    const read = readSync(fd, bytes, 0, length, source === 'spool' ? offset : offset - from);
    return bytes.subarray(0, read);
  }

  /** What is open can be read to its end, also when it is evicted meanwhile. */
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

  #timesIn({ source, from, to }: Piece): readonly TimeRecord[] {
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

  /** Who follows a run for days must not hold on to all that was evicted meanwhile. */
  #letGo(): void {
    const paths = new Set(this.#pieces.map(({ source }) => (source === 'spool' ? this.dir.spool : source.path)));
    for (const [path, fd] of this.#fds) {
      if (path === this.dir.spool || paths.has(path)) continue;
      closeSync(fd);
      this.#fds.delete(path);
      this.#times.delete(path);
    }
  }
}
