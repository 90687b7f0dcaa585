import { expect, test } from 'vitest';
import { nameHolders } from './linux-name-holders.ts';

const socket = { port: 4000, address: '127.0.0.1', uid: 1000, inode: '815' };
const nobody = { pids: () => [], statOf: () => undefined };

test("another user's listener is told with the user, and one that has ended meanwhile is not told", () => {
  const holders = (again: readonly (typeof socket)[]) =>
    nameHolders([socket], [4000], { ...nobody, readAgain: () => again });
  expect(holders([socket])).toEqual([{ port: 4000, uid: 1000, addresses: ['127.0.0.1'] }]);
  expect(holders([])).toEqual([]);
  // Another one has come to listen there: that is for the next look.
  expect(holders([{ ...socket, inode: '816' }])).toEqual([]);
});
