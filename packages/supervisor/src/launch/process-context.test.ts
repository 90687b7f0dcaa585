import { expect, test } from 'vitest';
import { findContextProblem, type ProcessContext, readContext } from './process-context.ts';

const user: ProcessContext = {
  uid: 1000,
  gid: 1000,
  groups: [1000],
  umask: 0o022,
  openFiles: 1024,
  namespaces: { net: 'net:[1]' },
};

test.each<[string, Partial<ProcessContext>, string | undefined]>([
  ['the same', {}, undefined],
  ['another umask', { umask: 0o077 }, undefined],
  ['fewer files', { openFiles: 64 }, undefined],
  ['a limit that nobody knows', { openFiles: null }, undefined],
  ['more files', { openFiles: 4096 }, 'it may have 4096 files open, and the supervisor only 1024'],
  ['another user', { uid: 0 }, 'it was started as user 0, group 1000, and the supervisor is 1000, 1000'],
  ['other groups', { groups: [4, 1000] }, 'it was started with other groups than the supervisor has'],
  [
    'another network',
    { namespaces: { net: 'net:[2]' } },
    'it was started in another namespace (net) than the supervisor is in',
  ],
])('a run of %s', (_, change, problem) => {
  expect(findContextProblem(user, { ...user, ...change })).toBe(problem);
});

test('root may raise a limit', () => {
  expect(findContextProblem({ ...user, uid: 0 }, { ...user, uid: 0, openFiles: 4096 })).toBe(undefined);
});

test('a process can start again what it has started', () => {
  expect(findContextProblem(readContext(), readContext())).toBe(undefined);
});
