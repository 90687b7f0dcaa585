import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineSearch } from './line-search.ts';

function search(matches: (line: string) => boolean) {
  const clock = { nowMs: 0 };
  return { clock, lines: new LineSearch(matches, () => clock.nowMs) };
}

test('sees each line whole, once and in order, however the output is split into blocks', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' })), fc.array(fc.nat(30)), (printed, cuts) => {
      const expected = printed.flatMap((line) => line.split('\n'));
      const bytes = Buffer.from(printed.map((line) => `${line}\n`).join(''));
      const seen: string[] = [];
      const { lines } = search((line) => {
        seen.push(line);
        return false;
      });
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        lines.add(bytes.subarray(at, at + cut));
        at += cut;
      }
      expect(seen).toEqual(expected);
    }),
  );
});

test('ignores escape sequences and the carriage return of a line', () => {
  const { lines } = search((line) => line === 'ready in 5 ms');
  expect(lines.add(Buffer.from('\u001b[32mready\u001b[0m in \u001b[1m5\u001b[22m ms\r\n'))).toBe(true);
});

describe('a line without a newline', () => {
  test('matches only after an idle gap, because it may still continue', () => {
    const { clock, lines } = search((line) => line === 'ready');
    expect(lines.add(Buffer.from('ready'))).toBe(false);
    clock.nowMs = 199;
    expect(lines.restMatches()).toBe(false);
    expect(lines.add(Buffer.from('ing'))).toBe(false);
    clock.nowMs = 1_000;
    expect(lines.restMatches()).toBe(false);
  });

  test('matches after an idle gap', () => {
    const { clock, lines } = search((line) => line === 'login: ');
    lines.add(Buffer.from('login: '));
    clock.nowMs = 200;
    expect(lines.restMatches()).toBe(true);
  });

  test('is not joined with output after skipped output', () => {
    const { lines } = search((line) => line === 'ready');
    lines.add(Buffer.from('not '));
    lines.forget();
    expect(lines.add(Buffer.from('ready\n'))).toBe(true);
  });

  test('is cut when it becomes too long', () => {
    let maxLength = 0;
    const { lines } = search((line) => {
      maxLength = Math.max(maxLength, line.length);
      return false;
    });
    for (let block = 0; block < 64; block++) lines.add(Buffer.alloc(64 * 1024, 'x'));
    expect(maxLength).toBeGreaterThan(1024 * 1024);
    expect(maxLength).toBeLessThan(2 * 1024 * 1024);
  });
});
