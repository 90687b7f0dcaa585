import { expect, test } from 'vitest';
import { errorDocument } from './present-error.ts';

test.for([
  ['EMFILE', 'To raise the limit of this shell: ulimit -n 1024'],
  ['ENFILE', 'Exit some programs, or raise the limit fs.file-max of the system'],
  ['ENOENT', 'This is a bug in Candle. To see where it happened, run the command again with --debug'],
] as const)('the hint of an unexpected %s is: %s', ([code, hint]) => {
  const { error } = errorDocument(Object.assign(new Error(`${code}: open 'chunk.js'`), { code }));
  expect(error).toMatchObject({ code: 'INTERNAL', hint });
});
