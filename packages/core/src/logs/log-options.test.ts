import { expect, test } from 'vitest';
import { parseLogTime } from './log-options.ts';
import { cursorText, parseCursor } from './log-position.ts';

const nowMs = 1_000_000_000_000;

test.each([
  ['10m', nowMs - 600_000],
  ['1.5h', nowMs - 5_400_000],
  ['500ms', nowMs - 500],
  ['30', nowMs - 30_000],
  ['2d', nowMs - 2 * 86_400_000],
  ['2026-01-23T10:30:00Z', Date.UTC(2026, 0, 23, 10, 30)],
  ['2026-01-23T10:30:00.250+01:00', Date.UTC(2026, 0, 23, 9, 30, 0, 250)],
  ['2026-01-23 10:30', new Date(2026, 0, 23, 10, 30).getTime()],
  ['2026-01-23', new Date(2026, 0, 23).getTime()],
])('%s is a time', (text, atMs) => {
  expect(parseLogTime(text, nowMs)).toBe(atMs);
});

test.each(['', 'nonsense', 'yesterday', '-5m', '10 m', '2026-13-45', '2026-01-23T25:00', '12/24/2026', '1e3'])(
  '%j is not a time',
  (text) => {
    expect(() => parseLogTime(text, nowMs)).toThrow(`'${text}' is not a time`);
  },
);

test('parses a cursor back from its text and rejects anything else', () => {
  expect(cursorText(parseCursor('mb2k-61f0:3.4096'))).toBe('mb2k-61f0:3.4096');
  for (const text of ['', 'garbage', 'a:b', 'a:1', ':0.1', 'a:0.1x', 'a b:0.1', 'a:0.1:0.1'])
    expect(() => parseCursor(text)).toThrow(`'${text}' is not a cursor`);
});
