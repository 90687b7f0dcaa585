import { expect, test } from 'vitest';
import { nameListeners } from './linux-name-listeners.ts';

const socket = { port: 4000, address: '127.0.0.1', uid: 1000, inode: '815' };
const nobody = { pids: () => [], statOf: () => undefined };

test("another user's listener is told with the user, and one that has ended meanwhile is not told", () => {
  const owners = (again: readonly (typeof socket)[]) =>
    nameListeners([socket], [4000], { ...nobody, readAgain: () => again });
  expect(owners([socket])).toEqual([{ port: 4000, uid: 1000, addresses: ['127.0.0.1'] }]);
  expect(owners([])).toEqual([]);
  // Another one has come to listen there: that is for the next look.
  expect(owners([{ ...socket, inode: '816' }])).toEqual([]);
});
