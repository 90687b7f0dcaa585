import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type StoredSegment, segmentsToEvict } from './evict-output.ts';

const limits = { maxBytes: 100, maxAgeMs: 1_000 };

function segment(path: string, more: Partial<StoredSegment> = {}): StoredSegment {
  return {
    path,
    epoch: 0,
    offset: 0,
    bytes: 40,
    lastWrittenAtMs: 10_000,
    isCleared: false,
    isInUse: false,
    ...more,
  };
}

const evicted = (segments: readonly StoredSegment[]) =>
  segmentsToEvict(segments, limits, 10_000).map(({ path }) => path);

test('evicts the oldest segments until the rest fits', () => {
  expect(evicted([segment('a'), segment('b'), segment('c'), segment('d')])).toEqual(['a', 'b']);
});

test('evicts segments that are too old or were cleared', () => {
  expect(
    evicted([segment('old', { lastWrittenAtMs: 8_999 }), segment('cleared', { isCleared: true }), segment('c')]),
  ).toEqual(['old', 'cleared']);
});

test('keeps the segment that marks the progress of a copy, however old and large it is', () => {
  expect(evicted([segment('a', { isInUse: true, bytes: 1_000, lastWrittenAtMs: 0, isCleared: true })])).toEqual([]);
});

test('evicts no more than necessary: with one more segment, the limit would be exceeded', () => {
  const stored = fc.array(fc.record({ bytes: fc.nat(60), isInUse: fc.boolean() }));
  fc.assert(
    fc.property(stored, (given) => {
      const segments = given.map((more, index) => segment(String(index), more));
      const gone = new Set(segmentsToEvict(segments, limits, 10_000));
      const kept = segments.filter((one) => !gone.has(one));
      const total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
      if (kept.some(({ isInUse }) => !isInUse)) expect(total).toBeLessThanOrEqual(limits.maxBytes);
      const last = [...gone].at(-1);
      if (last) expect(total + last.bytes).toBeGreaterThan(limits.maxBytes);
      expect([...gone].some(({ isInUse }) => isInUse)).toBe(false);
    }),
  );
});
