import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteWord } from '../source.ts';
import { sequencesIn, wordsIn } from './shell-line.ts';

test.each([
  ['vite', [[[], 'vite']]],
  ['tsc -b && node dist/index.js', [[['tsc -b'], 'node dist/index.js']]],
  ['a; b || c && d', [[['a', 'b', 'c'], 'd']]],
  [
    'node api.js & vite',
    [
      [[], 'node api.js'],
      [[], 'vite'],
    ],
  ],
  [
    'node api.js & vite & wait',
    [
      [[], 'node api.js'],
      [[], 'vite'],
    ],
  ],
  ['next dev | pino-pretty', [[[], 'next dev | pino-pretty']]],
  ['node a.js > log 2>&1', [[[], 'node a.js > log 2>&1']]],
  ['concurrently "a && b" \'c & d\'', [[[], 'concurrently "a && b" \'c & d\'']]],
  ['(cd web && npm start)', [[['cd web'], 'npm start']]],
  [
    '(cd api && npm start) & (cd web && npm start)',
    [
      [[], '(cd api && npm start)'],
      [[], '(cd web && npm start)'],
    ],
  ],
  ['echo "\\"&&" && a', [[['echo "\\"&&"'], 'a']]],
  ['vite || true', [[[], 'vite']]],
  ['', []],
  [' && ', []],
])('%s runs these sequences', (shell, expected) => {
  expect(sequencesIn(shell).map(({ before, last }) => [before, last])).toEqual(expected);
});

test.each([
  ['a  b', ['a', 'b']],
  ['PORT=1 "a b" c\'d e\'', ['PORT=1', 'a b', 'cd e']],
  ['say \\"x\\" a\\ b', ['say', '"x"', 'a b']],
  ['"unclosed quote', ['unclosed quote']],
])('splits %s into words', (command, words) => {
  expect(wordsIn(command).map(({ text }) => text)).toEqual(words);
});

test('a quoted text is one word with this text', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      expect(wordsIn(quoteWord(text)).map((word) => word.text)).toEqual([text]);
    }),
  );
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab "\'\\&|;()<>\n=-') }), (shell) => {
      for (const { before, last } of sequencesIn(shell)) for (const step of [...before, last]) wordsIn(step);
    }),
  );
});
