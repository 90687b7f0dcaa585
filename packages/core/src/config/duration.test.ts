import { expect, test } from 'vitest';
import { parseDurationMs } from './duration.ts';

test.each([
  [10, 10_000],
  [0, 0],
  [0.25, 250],
  ['3', 3000],
  ['1.5', 1500],
  ['500ms', 500],
  ['10s', 10_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['576h', 2_073_600_000],
])('%j is %i ms', (duration, milliseconds) => {
  expect(parseDurationMs(duration)).toBe(milliseconds);
});

test.each([
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e21,
  2_073_601,
  '577h',
  '',
  ' ',
  's',
  '-1s',
  '1d',
  '1 s',
  '1s2m',
  '0x10',
  '1e3',
  'NaN',
  '9'.repeat(400),
])('%j is not a duration', (duration) => {
  expect(parseDurationMs(duration)).toBeUndefined();
});
