import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineSearch } from './line-search.ts';

function search(matches: (line: string) => boolean) {
  const clock = { nowMs: 0 };
  return { clock, lines: new LineSearch(matches, () => clock.nowMs) };
}

test('however the output is cut into blocks, its lines are seen whole, once and in order', () => {
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

test('a line is searched without its escape sequences and its carriage return', () => {
  const { lines } = search((line) => line === 'ready in 5 ms');
  expect(lines.add(Buffer.from('\u001b[32mready\u001b[0m in \u001b[1m5\u001b[22m ms\r\n'))).toBe(true);
});

describe('a line that gets no newline', () => {
  test('counts after a silence only, as it may still be going on', () => {
    const { clock, lines } = search((line) => line === 'ready');
    expect(lines.add(Buffer.from('ready'))).toBe(false);
    clock.nowMs = 199;
    expect(lines.restMatches()).toBe(false);
    expect(lines.add(Buffer.from('ing'))).toBe(false);
    clock.nowMs = 1_000;
    expect(lines.restMatches()).toBe(false);
  });

  test('counts', () => {
    const { clock, lines } = search((line) => line === 'login: ');
    lines.add(Buffer.from('login: '));
    clock.nowMs = 200;
    expect(lines.restMatches()).toBe(true);
  });

  test('is no part of what comes behind a gap', () => {
    const { lines } = search((line) => line === 'ready');
    lines.add(Buffer.from('not '));
    lines.forget();
    expect(lines.add(Buffer.from('ready\n'))).toBe(true);
  });

  test('is not kept without end', () => {
    let max = 0;
    const { lines } = search((line) => {
      max = Math.max(max, line.length);
      return false;
    });
    for (let block = 0; block < 64; block++) lines.add(Buffer.alloc(64 * 1024, 'x'));
    expect(max).toBeGreaterThan(1024 * 1024);
    expect(max).toBeLessThan(2 * 1024 * 1024);
  });
});
