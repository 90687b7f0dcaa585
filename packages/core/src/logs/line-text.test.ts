import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linePattern } from './line-pattern.ts';
import { hasText, lastState, plainLine, statesOf } from './line-text.ts';

test.each([
  ['a line that is not rewritten', 'text', 'text'],
  ['an empty line', '', ''],
  ['a progress bar that returns first', '\r10 %\r20 %\r100 %', '100 %'],
  ['a progress bar that returns last', '10 %\r20 %\r', '20 %'],
  ['a bar that is cleared in the end', '10 %\r20 %\r\u001b[K', '20 %'],
  ['a bar that is overwritten with spaces', '10 %\r    \r', '10 %'],
  ['only returns', '\r\r', ''],
])('the last state of %s', (_, line, expected) => {
  expect(plainLine(line)).toBe(expected);
});

const state = fc.string({ unit: fc.constantFrom('a', ' ', '1', '\u001b[K') });

test('is the last state that shows text', () => {
  fc.assert(
    fc.property(fc.array(state, { minLength: 2 }), (states) => {
      expect(lastState(states.join('\r'))).toBe(states.findLast(hasText) ?? states[0]);
    }),
  );
});

test('a search sees every state', async () => {
  const line = '10 %\r\u001b[32mready\u001b[0m in 5 s\rdone';
  expect(statesOf(line)).toBe('10 %\nready in 5 s\ndone');
  expect((await linePattern('ready in')).matches(line)).toBe(true);
  const matches = async (text: string) => (await linePattern(text, { isRegex: true })).matches(line);
  expect(await Promise.all(['^ready in', '^done$', '^10 %$', '^in', '%.ready'].map(matches))).toEqual([
    ...[true, true, true, false, false],
  ]);
});
