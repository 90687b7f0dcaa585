import { expect, test } from 'vitest';
import { renderHint } from '../errors/hint.ts';
import { describeWriteProblem, isDiskFull, tryToWrite, writeProblemOf } from './write-problem.ts';

test.each(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])('%s means a full disk, as an error and as a code', (code) => {
  expect(isDiskFull(Object.assign(new Error('write'), { code }))).toBe(true);
  expect(isDiskFull(code)).toBe(true);
});

test.each(['EACCES', 'SQLITE_BUSY', undefined])('%s means something else', (code) => {
  expect(isDiskFull(Object.assign(new Error('ENOSPC'), { code }))).toBe(false);
});

test.each([
  ['ENOSPC', 'the disk is full', 'Free some disk space'],
  ['SQLITE_FULL', 'the disk is full', 'Free some disk space'],
  ['EDQUOT', 'your disk quota is used up', 'Delete files of yours on this disk'],
  ['EROFS', 'the file system is read-only', /findmnt --target \/state$/],
  ['EACCES', 'permission denied', /chmod -R u\+rwX \/state$/],
  ['EPERM', 'operation not permitted', /lsattr -d \/state$/],
  ['EMFILE', 'this process has too many open files', /ulimit -n 1024$/],
  ['ENFILE', 'the system has too many open files', /fs\.file-max/],
  ['EIO', 'the disk reports an input/output error', /dmesg$/],
])('%s means that %s', (code, reason, fix) => {
  const error = Object.assign(new Error('write'), { code });
  const problem = writeProblemOf(error);
  if (problem === undefined) throw new Error(`${code} is not in the table`);
  const description = describeWriteProblem(problem);
  expect(description.reason).toBe(reason);
  expect(renderHint(description.fix('/state'))).toMatch(fix);
  const fails = () => {
    throw error;
  };
  expect(tryToWrite(fails)).toBe(false);
});

test('an error that is not about writing is thrown', () => {
  const fails = () => {
    throw new TypeError('x is undefined');
  };
  expect(() => tryToWrite(fails)).toThrow('x is undefined');
});
