import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsToForget } from './forget-old-runs.ts';

const limit = 64 * 1024 * 1024;

test('keeps the newest ended run, however large its output is', () => {
  expect(runsToForget([{ id: 'new', bytes: limit * 10 }], limit)).toEqual([]);
});

test('removes the oldest runs until the rest fits, and keeps at most 50', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(limit), { maxLength: 80 }), (sizes) => {
      const runs = sizes.map((bytes, index) => ({ id: String(index), bytes }));
      const gone = new Set(runsToForget(runs, limit));
      const kept = runs.filter(({ id }) => !gone.has(id));
      expect(kept).toEqual(runs.slice(0, kept.length));
      expect(kept.length).toBeLessThanOrEqual(50);
      if (kept.length > 1) expect(kept.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(limit);
    }),
  );
});
