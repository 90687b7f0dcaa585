import { expect, test } from 'vitest';
import { boundLog, maxAnswerBytes } from './bound-log.ts';

const line = (n: number, text = '') =>
  ({ kind: 'line', runId: 'r', text: `${n}${text}`, at: `at ${n}`, cursor: `r:0.${n}` }) as const;
const started = { kind: 'started', runId: 'r', at: 'at start', attempt: 0 } as const;
const log = (entries: readonly (ReturnType<typeof line> | typeof started)[]) => ({
  name: 'api',
  projectDir: '/p',
  entries,
  cursor: 'r:0.end',
});
/** As long as a quarter of an answer. */
const long = 'x'.repeat(maxAnswerBytes / 4);

test('what fits is left as it is', () => {
  const short = log([started, line(1), line(2)]);
  for (const isForward of [true, false]) expect(boundLog(short, { isForward })).toBe(short);
});

test('of too much the newest is kept, the cursor stays at the end, and it says up to when the rest is', () => {
  const bound = boundLog(log([1, 2, 3, 4, 5].map((n) => line(n, long))), { isForward: false });
  expect(bound.entries.map((entry) => entry.kind === 'line' && entry.cursor)).toEqual(['r:0.3', 'r:0.4', 'r:0.5']);
  expect(bound.cursor).toBe('r:0.end');
  expect(bound.leftOut).toBe(
    'The answer would be too long: 2 entries were left out before these; for them give until: at 3, or narrow it with grep.',
  );
});

test('read forward, the first ones are kept and the cursor leads on behind the last line, not behind a mark', () => {
  const entries = [line(1, long), line(2, long), line(3, long), started, line(4, long)];
  const bound = boundLog(log(entries), { isForward: true });
  expect(bound.entries).toEqual(entries.slice(0, 3));
  expect(bound.cursor).toBe('r:0.3');
  expect(bound.leftOut).toBe(
    'The answer would be too long: 2 entries were left out behind these; for them give startAt: r:0.3',
  );
});

test('one line is given in any case, so that reading on comes to an end', () => {
  const entries = [started, line(1, long.repeat(5)), line(2)];
  const bound = boundLog(log(entries), { isForward: true });
  expect(bound.entries).toEqual(entries.slice(0, 2));
  expect(bound.cursor).toBe('r:0.1');
});
