import { expect, test } from 'vitest';
import { renderDuration } from './format.ts';

test.each([
  [0, '0s'],
  [-5, '0s'],
  [59_999, '59s'],
  [60_000, '1m 0s'],
  [3_599_000, '59m 59s'],
  [7_500_000, '2h 5m'],
  [349_200_000, '4d 1h'],
])('%d ms is rendered as %s', (ms, text) => {
  expect(renderDuration(ms)).toBe(text);
});
