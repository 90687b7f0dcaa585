import { expect, test } from 'vitest';
import { errorDocument } from './present-error.ts';

const bug = 'This is a bug in Candle. To see where it happened, run the command again with --debug';

test.for([
  ['EMFILE', 'SYSTEM_TOO_MANY_OPEN_FILES', 'To raise the limit of this shell: ulimit -n 1024'],
  ['ENFILE', 'SYSTEM_TOO_MANY_OPEN_FILES', 'Exit some programs, or raise the limit fs.file-max of the system'],
  ['ENOENT', 'INTERNAL', bug],
] as const)('an unexpected %s is reported as %s with the hint: %s', ([systemCode, code, hint]) => {
  const thrown = Object.assign(new Error(`${systemCode}: open 'chunk.js'`), { code: systemCode });
  expect(errorDocument(thrown).error).toMatchObject({ code, hint });
});

test('a module that cannot be loaded for lack of open files is reported as that', () => {
  const thrown = Object.assign(new Error('Cannot read package config /x/package.json: too many open files.'), {
    code: 'ERR_INVALID_PACKAGE_CONFIG',
  });
  expect(errorDocument(thrown).error).toMatchObject({ code: 'SYSTEM_TOO_MANY_OPEN_FILES' });
});
