import { expect, test } from 'vitest';
import { boundLog, maxResultLength } from './log-tools.ts';

const line = (n: number, text = '') =>
  ({ kind: 'line', runId: 'r', text: `${n}${text}`, at: `at ${n}`, cursor: `r:0.${n}` }) as const;
const started = { kind: 'started', runId: 'r', at: 'at start', attempt: 0 } as const;
const log = (entries: readonly (ReturnType<typeof line> | typeof started)[]) => ({
  name: 'api',
  projectDir: '/p',
  entries,
  cursor: 'r:0.end',
});
/** A quarter of the longest result. */
const long = 'x'.repeat(maxResultLength / 4);

test('a log that fits is returned unchanged', () => {
  const short = log([started, line(1), line(2)]);
  for (const isForward of [true, false]) expect(boundLog(short, { isForward })).toBe(short);
});

test('a log that is too long keeps its newest entries and end cursor, and says how to get the older ones', () => {
  const bound = boundLog(log([1, 2, 3, 4, 5].map((n) => line(n, long))), { isForward: false });
  expect(bound.entries.map((entry) => entry.kind === 'line' && entry.cursor)).toEqual(['r:0.3', 'r:0.4', 'r:0.5']);
  expect(bound.cursor).toBe('r:0.end');
  expect(bound.leftOut).toBe(
    'The result would be too long: 2 entries before these were omitted. To get them, set until: at 3, or narrow the result with grep.',
  );
});

test('when reading forward, the first entries are kept and the cursor points after the last line, not after a mark', () => {
  const entries = [line(1, long), line(2, long), line(3, long), started, line(4, long)];
  const bound = boundLog(log(entries), { isForward: true });
  expect(bound.entries).toEqual(entries.slice(0, 3));
  expect(bound.cursor).toBe('r:0.3');
  expect(bound.leftOut).toBe(
    'The result would be too long: 2 entries after these were omitted. To get them, set startAt: r:0.3',
  );
});

test('at least one line is always returned, so that reading forward makes progress', () => {
  const entries = [started, line(1, long.repeat(5)), line(2)];
  const bound = boundLog(log(entries), { isForward: true });
  expect(bound.entries).toEqual(entries.slice(0, 2));
  expect(bound.cursor).toBe('r:0.1');
});
