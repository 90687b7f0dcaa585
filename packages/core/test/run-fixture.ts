import { appendFileSync, closeSync, mkdirSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs';
import type { LogPosition } from '../src/logs/log-position.ts';
import { encodeTimeRecord, listSegments, segmentAt } from '../src/logs/segments.ts';
import type { Run } from '../src/runs/run.ts';
import { type RunDir, runDir, spoolMark } from '../src/runs/run-record.ts';

/** A run whose test controls what the program prints and when the output is copied. */
export class RunFixture {
  readonly dir: RunDir;
  /** Where the copy continues. The current segment begins at `#segment`. */
  #copied: LogPosition = { epoch: 0, offset: 0 };
  #segment: LogPosition = this.#copied;
  #isTruncated = false;

  constructor(stateDir: string, runId: string) {
    this.dir = runDir(stateDir, runId);
    mkdirSync(this.dir.log, { recursive: true });
    appendFileSync(this.dir.spool, '');
  }

  /** The position of the program's next byte, as readers see it. */
  get end(): LogPosition {
    return { epoch: this.#copied.epoch + (this.#isTruncated ? 1 : 0), offset: this.spoolSize };
  }

  get copied(): LogPosition {
    return this.#isTruncated ? { epoch: this.#copied.epoch + 1, offset: 0 } : this.#copied;
  }

  get spoolSize(): number {
    return statSync(this.dir.spool).size;
  }

  /**
   * The number of bytes that may be printed so that a truncated spool can be recognized. A spool that is as long as its
   * copy and has the same bytes before that position would look like one that was not truncated.
   */
  get room(): number {
    return this.#isTruncated ? this.#copied.offset - 1 - this.spoolSize : Number.POSITIVE_INFINITY;
  }

  print(bytes: string | Uint8Array): void {
    appendFileSync(this.dir.spool, bytes);
  }

  /** Copies printed output, at most `length` bytes, as if it had been read at the given time. */
  copy({ length = Number.POSITIVE_INFINITY, atMs = 0 }: { length?: number; atMs?: number } = {}): void {
    const { offset } = this.copied;
    const bytes = Buffer.alloc(Math.min(length, this.spoolSize - offset));
    if (bytes.length === 0) return;
    if (this.#isTruncated) this.#segment = this.#copied = this.copied;
    this.#isTruncated = false;
    const fd = openSync(this.dir.spool, 'r');
    readSync(fd, bytes, 0, bytes.length, offset);
    closeSync(fd);
    const { path, indexPath } = segmentAt(this.dir, this.#segment);
    appendFileSync(indexPath, encodeTimeRecord({ offset, atMs, isApproximate: false }));
    appendFileSync(path, bytes);
    this.#copied = { ...this.#copied, offset: offset + bytes.length };
  }

  /**
   * Begins a new segment for the output that is copied from now on. Not where a spool with a mark begins, because segments are
   * never that short.
   */
  roll(): void {
    if (this.#copied.offset !== spoolMark.length) this.#segment = this.#copied;
  }

  /** Removes the oldest segment unless it is the only one. Returns the position where the output then begins. */
  evict(): LogPosition | undefined {
    const [oldest, next] = listSegments(this.dir);
    if (oldest === undefined || next === undefined) return undefined;
    rmSync(oldest.path);
    rmSync(oldest.indexPath);
    return next;
  }

  /** Truncates the output like a program that reopens /dev/stderr. An epoch of which nothing was copied is unknown to readers. */
  truncate(): void {
    truncateSync(this.dir.spool);
    this.#isTruncated = this.#copied.offset > 0;
  }

  /** Removes the spool, as after a run whose output was copied completely. */
  removeSpool(): void {
    rmSync(this.dir.spool);
  }
}

/** A row of the database. */
export function runRow(overrides: Partial<Run> = {}): Run {
  return {
    id: 'run-1',
    projectDir: '/project',
    serviceName: 'api',
    generation: 1,
    status: 'running',
    shell: 'true',
    root: '/project',
    port: null,
    fingerprint: '',
    bootId: '',
    shim: null,
    startedAtMs: 1_000,
    startedMonotonicMs: null,
    endedAtMs: null,
    exitCode: null,
    exitSignal: null,
    endReason: null,
    attempt: 0,
    confirmedAtMs: null,
    logStart: null,
    owner: null,
    ...overrides,
  };
}
