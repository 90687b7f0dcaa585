import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePositions, findPosition, logBeginning, positionText } from './log-position.ts';

const position = fc.record({
  epoch: fc.nat(999_999_999),
  offset: fc.oneof(fc.nat(1000), fc.nat(Number.MAX_SAFE_INTEGER)),
});

test('parses the text of a position, and no other text, back to it', () => {
  fc.assert(
    fc.property(position, (given) => {
      expect(findPosition(positionText(given))).toEqual(given);
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^\d{1,11}\.\d{1,18}$/), (text) => {
      const found = findPosition(text);
      if (found) expect(positionText(found)).toBe(text);
    }),
  );
});

test.each([
  '',
  '0',
  '.',
  '0.',
  '.0',
  '1.2.3',
  '-1.0',
  '0.-1',
  '+1.0',
  '0.5 ',
  ' 0.5',
  '0.5\n',
  '1e3.0',
  '0x1.0',
  'a.b',
])('%j is not a position', (text) => {
  expect(findPosition(text)).toBeUndefined();
});

test.each(['00.0', '01.5', '0.007', '1234567890.0', '0.12345678901234567', '0.9007199254740993'])(
  '%j is not the canonical text of a position',
  (text) => {
    expect(findPosition(text)).toBeUndefined();
  },
);

test('a later epoch comes after all output of an earlier one', () => {
  expect(comparePositions({ epoch: 0, offset: 10 }, { epoch: 1, offset: 0 })).toBeLessThan(0);
  expect(comparePositions({ epoch: 2, offset: 9 }, { epoch: 2, offset: 10 })).toBeLessThan(0);
  expect(comparePositions(logBeginning, { epoch: 0, offset: 0 })).toBe(0);
  fc.assert(
    fc.property(fc.array(position), (positions) => {
      const sorted = positions.toSorted(comparePositions);
      for (const [index, one] of sorted.entries()) {
        const before = sorted[index - 1];
        if (!before) continue;
        expect(before.epoch).toBeLessThanOrEqual(one.epoch);
        if (before.epoch === one.epoch) expect(before.offset).toBeLessThanOrEqual(one.offset);
      }
    }),
  );
});
