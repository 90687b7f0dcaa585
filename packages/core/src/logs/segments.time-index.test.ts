import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import {
  decodeTimeRecords,
  encodeTimeRecord,
  findTimeRecord,
  readTimeIndex,
  type TimeRecord,
  timeRecordSize,
} from './segments.ts';

const offset = fc.oneof(fc.nat(20), fc.nat(Number.MAX_SAFE_INTEGER));
/** The clock may jump in both directions. */
const record = fc.record({
  offset,
  atMs: fc.double({ noNaN: true, min: 0, max: 8.64e15 }),
  isApproximate: fc.boolean(),
});

function encodeAll(records: readonly TimeRecord[]): Buffer {
  return Buffer.concat(records.map(encodeTimeRecord));
}

test('decodes the encoded records', () => {
  fc.assert(
    fc.property(fc.array(record), (records) => {
      expect(decodeTimeRecords(encodeAll(records))).toEqual(records);
    }),
  );
});

test('ignores an incomplete last record and keeps those before it', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1 }), fc.nat(), (records, cut) => {
      const bytes = encodeAll(records);
      const length = cut % bytes.length;
      const whole = Math.floor(length / timeRecordSize);
      expect(decodeTimeRecords(bytes.subarray(0, length))).toEqual(records.slice(0, whole));
    }),
  );
});

test('the record for an offset is the last one that begins at or before it', () => {
  fc.assert(
    fc.property(fc.array(record), offset, (records, wanted) => {
      const index = records.toSorted((a, b) => a.offset - b.offset);
      for (const at of [wanted, ...index.flatMap((one) => [one.offset - 1, one.offset, one.offset + 1])]) {
        expect(findTimeRecord(index, at)).toBe(index.findLast((one) => one.offset <= at));
      }
    }),
  );
});

test('there is no record for an offset before the first one', () => {
  const [first] = decodeTimeRecords(encodeTimeRecord({ offset: 10, atMs: 1, isApproximate: false }));
  expect(findTimeRecord([], 0)).toBeUndefined();
  expect(findTimeRecord(first ? [first] : [], 9)).toBeUndefined();
  expect(findTimeRecord(first ? [first] : [], 10)).toBe(first);
});

test('reads an index from its file; a missing file has no records', () => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'candle-index-')));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const segment = { epoch: 0, offset: 0, path: join(dir, '0.0.seg'), indexPath: join(dir, '0.0.idx') };
  expect(readTimeIndex(segment)).toEqual([]);
  const records = [0, 100].map((at) => ({ offset: at, atMs: 1_700_000_000_000 + at, isApproximate: at === 0 }));
  writeFileSync(segment.indexPath, Buffer.concat([encodeAll(records), Buffer.alloc(5)]));
  expect(readTimeIndex(segment)).toEqual(records);
});
