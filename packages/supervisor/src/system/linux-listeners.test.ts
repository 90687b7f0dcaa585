import { expect, test } from 'vitest';
import { nameListeners } from './linux-listeners.ts';

const socket = { port: 4000, address: '127.0.0.1', uid: 1000, inode: '815' };
const nobody = { pids: () => [], statOf: () => undefined };

test('lists a listener of another user with the user only, and omits a listener that is gone', () => {
  const owners = (again: readonly (typeof socket)[]) =>
    nameListeners([socket], [4000], { ...nobody, readAgain: () => again });
  expect(owners([socket])).toEqual([{ port: 4000, uid: 1000, addresses: ['127.0.0.1'] }]);
  expect(owners([])).toEqual([]);
  // Another process listens on the port now, which the next snapshot will show.
  expect(owners([{ ...socket, inode: '816' }])).toEqual([]);
});
