import { expect, test } from 'vitest';
import { findUserName, userNameIn } from './user-name.ts';

test('finds the names of local users', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/bash\n';
  expect(userNameIn(passwd, 1000)).toBe('ada');
  expect(userNameIn(passwd, 100)).toBeUndefined();
  expect(findUserName(0)).toBe('root');
  expect(findUserName(4_000_000)).toBeUndefined();
});
