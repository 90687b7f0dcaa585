import fc from 'fast-check';
import { comparePositions, type LogPosition } from '../src/logs/log-position.ts';
import type { RunFixture } from './run-fixture.ts';

/** The output that a reader should find: all that was printed, except what was evicted, or truncated before it was copied. */
export class OutputModel {
  readonly #epochs: { epoch: number; from: number; bytes: Buffer; times: number[] }[] = [];

  constructor() {
    this.#begin(0);
  }

  apply(action: Action, run: RunFixture): void {
    const current = this.#current();
    switch (action.kind) {
      case 'print': {
        if (action.bytes.length > run.room)
          this.apply({ kind: 'copy', length: Number.POSITIVE_INFINITY, atMs: 0 }, run);
        const bytes = action.bytes.subarray(0, run.room);
        run.print(bytes);
        current.bytes = Buffer.concat([current.bytes, bytes]);
        return;
      }
      case 'copy': {
        const from = run.copied.offset;
        run.copy({ length: action.length, atMs: action.atMs });
        for (let at = from; at < run.copied.offset; at++) current.times[at] = action.atMs;
        return;
      }
      case 'roll':
        run.roll();
        return;
      case 'evict':
        this.#evict(run.evict());
        return;
      case 'truncate': {
        const { epoch, offset } = run.copied;
        current.bytes = current.bytes.subarray(0, Math.max(0, offset - current.from));
        run.truncate();
        if (run.end.epoch !== epoch) this.#begin(run.end.epoch);
      }
    }
  }

  /** The positions and texts of the lines. `atMs`: the time of the first byte; undefined if it was not recorded. */
  lines(from: LogPosition = { epoch: 0, offset: 0 }) {
    return this.#epochs.flatMap((part) => {
      const lines: (LogPosition & { endOffset: number; text: string; atMs: number | undefined })[] = [];
      const { epoch, bytes } = part;
      const first = from.epoch === epoch ? Math.max(0, from.offset - part.from) : 0;
      for (let at = first; at < bytes.length && epoch >= from.epoch; ) {
        const found = bytes.indexOf(10, at);
        const end = found === -1 ? bytes.length : found + 1;
        const text = bytes.toString('utf8', at, found === -1 ? end : found);
        const offset = part.from + at;
        lines.push({ epoch, offset, endOffset: part.from + end, text, atMs: part.times[offset] });
        at = end;
      }
      return lines;
    });
  }

  /** Every position that a reader can have. */
  positions(): LogPosition[] {
    return this.#epochs.flatMap(({ epoch, from, bytes }) =>
      Array.from({ length: bytes.length + 1 }, (_, index) => ({ epoch, offset: from + index })),
    );
  }

  #begin(epoch: number): void {
    this.#epochs.push({ epoch, from: 0, bytes: Buffer.alloc(0), times: [] });
  }

  #current() {
    const current = this.#epochs.at(-1);
    if (current === undefined) throw new Error('There is always an epoch');
    return current;
  }

  #evict(front: LogPosition | undefined): void {
    if (front === undefined) return;
    for (const part of this.#epochs) {
      const { epoch, from, bytes } = part;
      if (comparePositions({ epoch, offset: from }, front) >= 0) continue;
      const kept = epoch === front.epoch ? front.offset - from : bytes.length;
      part.bytes = bytes.subarray(kept);
      part.from += kept;
    }
  }
}

export type Action =
  | { readonly kind: 'print'; readonly bytes: Buffer }
  | { readonly kind: 'copy'; readonly length: number; readonly atMs: number }
  | { readonly kind: 'roll' }
  | { readonly kind: 'evict' }
  | { readonly kind: 'truncate' };

/** Lengths around the block size, where backward reading crosses block boundaries. */
const longText = fc.integer({ min: 65_530, max: 65_542 }).map((length) => Buffer.alloc(length, 'x'));
const oddBytes = fc.constantFrom([0], [0xff], [0xe2, 0x82], [0xac], [10, 10], [0xc3, 10]).map((b) => Buffer.from(b));
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((t) => Buffer.from(t.replaceAll('\r', '_')));
const lines = fc.array(fc.string({ maxLength: 8 }), { maxLength: 6 }).map((t) => Buffer.from(`${t.join('\n')}\n`));

const print = fc
  .oneof({ weight: 6, arbitrary: lines }, { weight: 4, arbitrary: text }, { weight: 2, arbitrary: oddBytes }, longText)
  .map((bytes): Action => printAction(Buffer.from(bytes.map((byte) => (byte === 13 ? 95 : byte)))));
const copy = fc
  .record({ length: fc.oneof(fc.nat(30), fc.constant(1_000_000)), atMs: fc.integer({ min: 1, max: 1_000 }) })
  .map((copied): Action => ({ kind: 'copy', ...copied }));
const simple = (kind: 'roll' | 'evict' | 'truncate') => fc.constant<Action>({ kind });

/** Shortens the action in failure messages. */
function printAction(bytes: Buffer): Action {
  const shown = `print(${JSON.stringify(bytes.toString('latin1', 0, 40))}, ${bytes.length} bytes)`;
  return Object.assign({ kind: 'print', bytes } as const, { [fc.toStringMethod]: () => shown });
}

/** The actions of a program and of the process that copies its output, in any order. */
export const actions = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: print },
    { weight: 5, arbitrary: copy },
    { weight: 3, arbitrary: simple('roll') },
    { weight: 2, arbitrary: simple('evict') },
    { weight: 1, arbitrary: simple('truncate') },
  ),
  { maxLength: 40 },
);
