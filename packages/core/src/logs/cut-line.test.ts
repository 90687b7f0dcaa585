import { expect, test } from 'vitest';
import { cutLine } from './cut-line.ts';

const line = (text: string) => ({ epoch: 0, offset: 0, endOffset: 0, text, isPartial: false });

test.each([
  ['abcdef', 6, 'abcdef', undefined],
  ['abcdefg', 6, 'abcdef… [1 more characters]', 1],
  ['\u001b[31mabcdef\u001b[0m', 6, 'abcdef', undefined],
  ['a😀b', 2, 'a… [3 more characters]', 3],
  ['', 6, '', undefined],
])('cuts %j to %i characters without counting escape sequences or splitting a character', (text, max, shown, cut) => {
  const found: { text: string; cutCharacters?: number } = cutLine(line(text), max);
  expect([found.text, found.cutCharacters]).toEqual([shown, cut]);
});

test('leaves a line unchanged without a limit', () => {
  const long = line(`\u001b[31m${'x'.repeat(100_000)}`);
  expect(cutLine(long, undefined)).toBe(long);
});
