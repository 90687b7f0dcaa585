import { expect, test } from 'vitest';
import { isDiskFull } from './write-problem.ts';

test.each(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])('%s means a full disk, as an error and as a code', (code) => {
  expect(isDiskFull(Object.assign(new Error('write'), { code }))).toBe(true);
  expect(isDiskFull(code)).toBe(true);
});

test.each(['EACCES', 'SQLITE_BUSY', undefined])('%s means something else', (code) => {
  expect(isDiskFull(Object.assign(new Error('ENOSPC'), { code }))).toBe(false);
});
