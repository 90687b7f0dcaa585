import { expect, test } from 'vitest';
import { localTime } from './local-time.ts';

test('a time has plain spaces only', () => {
  expect(localTime(0)).toMatch(/^[ -~]+$/);
});
