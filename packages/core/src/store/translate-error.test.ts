import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { InvalidPortError } from '../ports/errors.ts';
import { findWriteProblem, translateStoreError } from './translate-error.ts';

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
  ['EMFILE', 'STATE_NOT_WRITABLE'],
  ['ENFILE', 'STATE_NOT_WRITABLE'],
  ['EIO', 'STATE_NOT_WRITABLE'],
  ['ENAMETOOLONG', 'STATE_PATH_UNUSABLE'],
  ['ELOOP', 'STATE_PATH_UNUSABLE'],
  ['ENOTDIR', 'STATE_NOT_A_DIRECTORY'],
])('translates %s to %s with a one-line message', (code, expected) => {
  const translated = translateStoreError(failure(code), paths(temporaryDirectory()));
  expect(translated).toHaveProperty('code', expected);
  expect(translated).toHaveProperty('message', expect.not.stringContaining('\n'));
});

test.each([
  ['ENOSPC', 'Free some disk space'],
  ['EDQUOT', 'Delete files of yours'],
  ['EROFS', 'findmnt'],
  ['EACCES', 'chmod'],
  ['EPERM', 'lsattr'],
  ['EMFILE', 'ulimit -n'],
  ['ENFILE', 'fs.file-max'],
  ['EIO', 'dmesg'],
])('the hint for %s names its fix, and only that for missing permission names chmod', (code, fix) => {
  const { hint } = translateStoreError(failure(code), paths(temporaryDirectory())) as { hint: string };
  expect(hint).toContain(fix);
  expect(hint.includes('chmod')).toBe(code === 'EACCES');
});

test('finds no problem in a directory that can be written to, and leaves no file there', () => {
  const stateDir = temporaryDirectory();
  expect(findWriteProblem(stateDir)).toBeUndefined();
  expect(readdirSync(stateDir)).toEqual([]);
});

test.skipIf(process.platform !== 'linux')('asks the system for the cause if SQLite does not say it', () => {
  // Nobody can create a file in this directory, which belongs to root.
  const expected = process.geteuid?.() === 0 ? 'permission denied' : 'it, or a file in it, belongs to another user';
  expect(translateStoreError(failure('SQLITE_CANTOPEN'), paths('/sys/kernel'))).toMatchObject({
    details: { reason: expected },
  });
});

test('translates the cause that drizzle has wrapped', () => {
  const wrapped = new Error('Failed query', { cause: failure('SQLITE_FULL') });
  expect(translateStoreError(wrapped, paths())).toMatchObject({ code: 'STATE_DISK_FULL' });
});

test('reports how long it waited for a lock', () => {
  expect(translateStoreError(failure('SQLITE_BUSY'), paths())).toHaveProperty(
    'message',
    "Candle's database /state/state.db was locked by another process for more than 30 s",
  );
});

test.each([
  ['an expected failure', new InvalidPortError('x')],
  ['a bug', new TypeError('x is not a function')],
  ['an SQL error', failure('SQLITE_ERROR')],
  ['a value that is not an error', 'text'],
])('returns %s unchanged', (_, error) => {
  expect(translateStoreError(error, paths())).toBe(error);
});
