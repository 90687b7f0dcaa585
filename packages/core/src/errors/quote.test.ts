import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeJson, safeText } from './quote.ts';

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
  expect(safeText(line)).toBe(expected);
});

const colored = fc
  .array(fc.tuple(fc.constantFrom('\u001b[0m', '\u001b[1;32m', '\u001b]8;;http://a.test\u0007', ''), fc.string()))
  .map((parts) => parts.flat().join(''));

test('removes from ordinary output what Node.js removes', () => {
  fc.assert(fc.property(colored, (line) => safeText(line) === stripVTControlCharacters(line)));
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: it finds what controls a terminal
const control = /[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it finds colors
const colors = /\u001b\[[\d:;]*m/g;

const anyText = fc.string({
  unit: fc.constantFrom(
    '\u001b',
    '\u009b',
    '\u009d',
    '\u0007',
    '\u202e',
    '[',
    ']',
    ';',
    '1',
    '0',
    'm',
    '?',
    '\\',
    'P',
    'é',
    '\n',
  ),
});

test('leaves nothing in any text that controls a terminal, and changes nothing in a text without it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      return control.test(text) ? !control.test(safeText(text)) : safeText(text) === text;
    }),
  );
});

test('with color, leaves only colors, and every line ends without one', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = safeText(text, { color: true });
      expect(shown.replaceAll(colors, '')).toBe(safeText(text));
      for (const line of shown.split('\n')) {
        const last = line.match(colors)?.at(-1) ?? '0';
        expect(last).toMatch(/^[^1-9]*$/);
      }
    }),
  );
});

test.each([
  ['is reset', '\u001b[31mred', '\u001b[31mred\u001b[0m'],
  ['is reset at the end of its line', '\u001b[31mred\nplain', '\u001b[31mred\u001b[0m\nplain'],
  ['is not reset twice', '\u001b[31mred\u001b[m', '\u001b[31mred\u001b[m'],
  ['from a palette is not a reset', '\u001b[38;5;0mdark', '\u001b[38;5;0mdark\u001b[0m'],
  ['with an 8-bit introducer gets a 7-bit one', '\u009b31mred\u009b0m', '\u001b[31mred\u001b[0m'],
])('a color %s', (_, text, expected) => {
  expect(safeText(text, { color: true })).toBe(expected);
});

test('the color of a line that stays open stays on', () => {
  expect(safeText('\u001b[31mred', { color: true, isOpen: true })).toBe('\u001b[31mred');
});

test('a mode of the keyboard is not a color', () => {
  expect(safeText('\u001b[>4;1mtext\u001b[?4m', { color: true })).toBe('text');
});

test('tabs, newlines and NUL stay', () => {
  expect(safeText('a\tb\nc\0d')).toBe('a\tb\nc\0d');
});

test('safe JSON is the same JSON, and controls no terminal', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const json = safeJson({ text });
      expect(json).not.toMatch(control);
      expect(JSON.parse(json)).toEqual({ text });
    }),
  );
});

test.each([
  '\u001b]',
  '\u009d',
  '\u001b[',
  '\u001b[;',
  '\u001bP',
  '\u001b',
  '\u009b',
  '\u001b(',
  '\u001b]0;a',
  '\u001b[1m',
])('takes linear time for a line that repeats %j', (part) => {
  expect(safeText(`${part.repeat(200_000)}\n`)).not.toMatch(control);
});
