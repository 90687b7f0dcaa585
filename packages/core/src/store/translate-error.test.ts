import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { InvalidPortError } from '../ports/errors.ts';
import { translateStoreError } from './translate-error.ts';

function failure(code: string): Error {
  return Object.assign(new Error(`${code} happened\nand more`), { code });
}

const paths = (stateDir = '/state') => ({ stateDir, path: `${stateDir}/state.db`, busyTimeoutMs: 30_000 });

test.each([
  ['SQLITE_NOTADB', 'STATE_DAMAGED'],
  ['SQLITE_CORRUPT', 'STATE_DAMAGED'],
  ['SQLITE_CORRUPT_INDEX', 'STATE_DAMAGED'],
  ['SQLITE_FULL', 'STATE_DISK_FULL'],
  ['ENOSPC', 'STATE_DISK_FULL'],
  ['EDQUOT', 'STATE_DISK_FULL'],
  ['SQLITE_BUSY', 'STATE_BUSY'],
  ['SQLITE_BUSY_SNAPSHOT', 'STATE_BUSY'],
  ['SQLITE_READONLY', 'STATE_NOT_WRITABLE'],
  ['SQLITE_READONLY_DBMOVED', 'STATE_NOT_WRITABLE'],
  ['SQLITE_CANTOPEN', 'STATE_NOT_WRITABLE'],
  ['SQLITE_IOERR_WRITE', 'STATE_NOT_WRITABLE'],
  ['EACCES', 'STATE_NOT_WRITABLE'],
  ['EPERM', 'STATE_NOT_WRITABLE'],
  ['EROFS', 'STATE_NOT_WRITABLE'],
  ['ENAMETOOLONG', 'STATE_PATH_UNUSABLE'],
  ['ELOOP', 'STATE_PATH_UNUSABLE'],
  ['ENOTDIR', 'STATE_NOT_A_DIRECTORY'],
])('%s is told as %s, in one line', (code, told) => {
  const translated = translateStoreError(failure(code), paths(temporaryDirectory()));
  expect(translated).toHaveProperty('code', told);
  expect(translated).toHaveProperty('message', expect.not.stringContaining('\n'));
});

test('the cause that drizzle has wrapped is what counts', () => {
  const wrapped = new Error('Failed query', { cause: failure('SQLITE_FULL') });
  expect(translateStoreError(wrapped, paths())).toMatchObject({ code: 'STATE_DISK_FULL' });
});

test('how long a lock was waited for is said', () => {
  expect(translateStoreError(failure('SQLITE_BUSY'), paths())).toHaveProperty(
    'message',
    "Candle's database /state/state.db was locked by another process for more than 30 s",
  );
});

test.each([
  ['an expected failure', new InvalidPortError('x')],
  ['a mistake of the program', new TypeError('x is not a function')],
  ['an SQL mistake', failure('SQLITE_ERROR')],
  ['what is no error', 'text'],
])('%s is passed on as it is', (_, error) => {
  expect(translateStoreError(error, paths())).toBe(error);
});
