import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf, cutText, fitWidths, plainStyle, renderDuration, renderTable, wrapWords } from './format.ts';

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

describe('a table', () => {
  const rows = [
    ['NAME', 'STATUS', 'URL'],
    ['api', 'RUNNING [config changed]', 'http://localhost:4000'],
    ['日本', '-', '-'],
  ];

  test('is aligned by the columns that wide characters take up', () => {
    expect(renderTable(rows)).toBe(
      [
        'NAME  STATUS                    URL',
        'api   RUNNING [config changed]  http://localhost:4000',
        '日本  -                         -',
      ].join('\n'),
    );
  });

  test('is cut to the width of a terminal, addresses last', () => {
    expect(renderTable(rows, { ...plainStyle, width: 41 })).toBe(
      ['NAME  STATUS        URL', 'api   RUNNING [co…  http://localhost:4000', '日本  -             -'].join('\n'),
    );
  });

  test('omits columns before it cuts an address, and cuts the beginning of a path', () => {
    const table = [
      ['NAME', 'PID', 'UPTIME', 'URL', 'PROJECT'],
      ['api', '4711', '3m 12s', 'http://localhost:4000', '/srv/shop/fix-login'],
    ];
    expect(renderTable(table, { ...plainStyle, width: 54 })).toBe(
      ['NAME  PID   URL                    PROJECT', 'api   4711  http://localhost:4000  /srv/shop/fix-login'].join(
        '\n',
      ),
    );
    expect(renderTable(table, { ...plainStyle, width: 44 })).toBe(
      ['NAME  URL                    PROJECT', 'api   http://localhost:4000  …shop/fix-login'].join('\n'),
    );
  });

  test('has rows of any length, without trailing blanks', () => {
    expect(renderTable([['A'], ['b', 'c', ''], []])).toBe('A\nb  c\n');
    expect(renderTable([])).toBe('');
  });

  test('colors a text after it was cut and padded', () => {
    const style = { width: 10, paint: (tone: string, text: string) => `<${tone}>${text}</>` };
    expect(
      renderTable(
        [
          ['A', 'B'],
          [{ text: 'x'.repeat(20), tone: 'bad' }, 'y'],
        ],
        style,
      ),
    ).toBe('A        B\n<bad>xxxxxx…</>  y');
  });

  test('is never wider than the terminal if that has room for the narrowest columns', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text, text), { minLength: 1 }),
        fc.integer({ min: 16, max: 80 }),
        (table, width) => {
          const lines = renderTable(
            table.map((row) => row.map(withoutControls)),
            { ...plainStyle, width },
          ).split('\n');
          for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

/** Like `printable`, which has escaped these characters before. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '');
}

test.each([
  ['one two three', 8, ['one two', 'three']],
  ['  one two', 7, ['  one', '  two']],
  ['longer-than-a-line x', 5, ['longer-than-a-line', 'x']],
  ['', 5, ['']],
])('%j is broken at %d columns', (text, width, lines) => {
  expect(wrapWords(text, width)).toEqual(lines);
});

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['👍👍👍', 4, '👍…'],
  // Never half a character.
  ['𠀀𠀀𠀀', 4, '…'],
])('%s is cut to %d columns as %s', (text, width, cut) => {
  expect(cutText(text, width)).toBe(cut);
});

test('only the widest columns are reduced, and the one to keep after the others', () => {
  expect(fitWidths([4, 30, 20], 48, -1)).toEqual([4, 20, 20]);
  expect(fitWidths([4, 30, 20], 44, 2)).toEqual([4, 16, 20]);
  expect(fitWidths([4, 30, 20], 30, 2)).toEqual([4, 11, 11]);
  expect(fitWidths([4, 30, 20], 10, 2)).toEqual([4, 4, 4]);
});
