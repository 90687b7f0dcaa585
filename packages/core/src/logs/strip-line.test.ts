import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stripLine } from './strip-line.ts';

test.each([
  ['a color', '\u001b[1;31mred\u001b[0m', 'red'],
  ['a color with an 8-bit introducer', '\u009b31mred', 'red'],
  ['a color with colons', '\u001b[38:2:255:0:0mred', 'red'],
  ['a cursor movement', 'a\u001b[2K\u001b[1Gb', 'ab'],
  ['a private mode', '\u001b[?25lbusy\u001b[?25h', 'busy'],
  ['a title', '\u001b]0;title\u0007text', 'text'],
  ['a link', '\u001b]8;;http://a.test/\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['a device control string', '\u001bP1$r0m\u001b\\text', 'text'],
  ['a character set', '\u001b(Btext', 'text'],
  ['a reset', '\u001bctext', 'text'],
  ['a color that is cut off', 'text\u001b[31', 'text'],
  ['the introducer of a title without an end', 'a\u001b]0;b', 'a0;b'],
  ['an escape character at the end', 'text\u001b', 'text'],
])('removes %s', (_, line, expected) => {
  expect(stripLine(line)).toBe(expected);
});

const colored = fc
  .array(fc.tuple(fc.constantFrom('\u001b[0m', '\u001b[1;32m', '\u001b]8;;http://a.test\u0007', ''), fc.string()))
  .map((parts) => parts.flat().join(''));

test('removes from ordinary output what Node.js removes', () => {
  fc.assert(fc.property(colored, (line) => stripLine(line) === stripVTControlCharacters(line)));
});

test('leaves no escape character in any line, and nothing else changes in a line without one', () => {
  const line = fc.string({
    unit: fc.constantFrom('\u001b', '\u009b', '\u0007', '[', ']', ';', '1', 'm', '\\', 'P', 'é'),
  });
  fc.assert(
    fc.property(line, (text) => {
      const hasEscape = (of: string) => of.includes('\u001b') || of.includes('\u009b');
      return hasEscape(text) ? !hasEscape(stripLine(text)) : stripLine(text) === text;
    }),
  );
});

test.each(['\u001b]', '\u001b[', '\u001b[;', '\u001bP', '\u001b', '\u009b', '\u001b(', '\u001b]0;a', '\u001b[1m'])(
  'takes linear time for a line that repeats %j',
  (part) => {
    expect(stripLine(`${part.repeat(200_000)}\n`)).not.toContain('\u001b');
  },
);
