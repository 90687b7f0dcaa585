import { appendFileSync, closeSync, mkdirSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs';
import type { LogPosition } from '../src/logs/log-position.ts';
import { listSegments, segmentAt } from '../src/logs/segments.ts';
import { encodeTimeRecord } from '../src/logs/time-index.ts';
import type { Run } from '../src/runs/run.ts';
import { type RunDir, runDir } from '../src/runs/run-dir.ts';

/** A run whose program prints what a test says, and whose output is copied when a test says so. */
export class RunFixture {
  readonly dir: RunDir;
  /** Where the copy goes on; the segment that is being written begins with `segment`. */
  #copied: LogPosition = { epoch: 0, offset: 0 };
  #segment: LogPosition = this.#copied;
  #isTruncated = false;

  constructor(stateDir: string, runId: string) {
    this.dir = runDir(stateDir, runId);
    mkdirSync(this.dir.log, { recursive: true });
    appendFileSync(this.dir.spool, '');
  }

  /** Of the program's next byte, in the numbering that readers see. */
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
   * Bytes that may be printed without making a truncated spool look like one that was not: one that is as long as what
   * was copied, with the same bytes before that place.
   */
  get room(): number {
    return this.#isTruncated ? this.#copied.offset - 1 - this.spoolSize : Number.POSITIVE_INFINITY;
  }

  print(bytes: string | Uint8Array): void {
    appendFileSync(this.dir.spool, bytes);
  }

  /** Copies what was printed, `length` bytes at most, as if it had been read at that time. */
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

  /** What is copied from now on goes into a segment of its own. */
  roll(): void {
    this.#segment = this.#copied;
  }

  /** Removes the oldest segment, unless it is the newest too. Returns the place where the output begins then. */
  evict(): LogPosition | undefined {
    const [oldest, next] = listSegments(this.dir);
    if (oldest === undefined || next === undefined) return undefined;
    rmSync(oldest.path);
    rmSync(oldest.indexPath);
    return next;
  }

  /** As a program does it that opens /dev/stderr anew. Of a generation of which nothing was copied, nobody knows. */
  truncate(): void {
    truncateSync(this.dir.spool);
    this.#isTruncated = this.#copied.offset > 0;
  }

  /** All was copied, and the run is over. */
  removeSpool(): void {
    rmSync(this.dir.spool);
  }
}

/** A row of the ledger. */
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
    endedAtMs: null,
    exitCode: null,
    exitSignal: null,
    endReason: null,
    attempt: 0,
    confirmedAtMs: null,
    logStart: null,
    ...overrides,
  };
}
