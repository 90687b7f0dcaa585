import { expect, test } from 'vitest';
import { findContextProblem, type ProcessContext, readContext } from './launch.ts';

const user: ProcessContext = {
  uid: 1000,
  gid: 1000,
  groups: [1000],
  umask: 0o022,
  openFiles: 1024,
  namespaces: { net: 'net:[1]' },
};

test.each<[string, Partial<ProcessContext>, string | undefined]>([
  ['the same context', {}, undefined],
  ['a different umask', { umask: 0o077 }, undefined],
  ['a lower limit of open files', { openFiles: 64 }, undefined],
  ['an unknown limit of open files', { openFiles: null }, undefined],
  ['a higher limit of open files', { openFiles: 4096 }, 'it may open 4096 files, but the supervisor only 1024'],
  [
    'a different user',
    { uid: 0 },
    'it was started as user 0 and group 1000, but the supervisor runs as user 1000 and group 1000',
  ],
  ['different groups', { groups: [4, 1000] }, 'its groups differ from those of the supervisor'],
  [
    'a different network',
    { namespaces: { net: 'net:[2]' } },
    'it was started in a different namespace (net) than the supervisor',
  ],
])('a run with %s', (_, change, problem) => {
  expect(findContextProblem(user, { ...user, ...change })).toBe(problem);
});

test('root can raise a limit', () => {
  expect(findContextProblem({ ...user, uid: 0 }, { ...user, uid: 0, openFiles: 4096 })).toBe(undefined);
});

test('a process can restart what it started', () => {
  expect(findContextProblem(readContext(), readContext())).toBe(undefined);
});
