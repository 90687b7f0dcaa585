import { expect, test } from 'vitest';
import { localTime } from './local-time.ts';

test.each([0, 1, 9, 11, 12, 13, 23])(
  "a time at hour %i is formatted like Node's formatter does, with plain spaces",
  (hours) => {
    const ms = new Date(2026, 0, 23, hours, 5, 9).getTime();
    expect(localTime(ms)).toBe(new Date(ms).toLocaleString('en-US').replaceAll('\u202f', ' '));
  },
);
