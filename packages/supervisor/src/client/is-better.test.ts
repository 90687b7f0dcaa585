import { expect, test } from 'vitest';
import { isBetter } from './is-better.ts';

test.each([
  [{ version: '1.0.1', openFiles: 64 }, { version: '1.0.0', openFiles: 20_000 }, true],
  [{ version: '1.0.0', openFiles: 20_000 }, { version: '1.0.1', openFiles: 64 }, false],
  [{ version: '1.0.0', openFiles: 20_000 }, { version: '1.0.0', openFiles: 64 }, true],
  [{ version: '1.0.0', openFiles: 64 }, { version: '1.0.0', openFiles: 64 }, false],
  [{ version: '1.0.0', openFiles: 64 }, { version: '1.0.0', openFiles: 20_000 }, false],
  [{ version: '1.0.0', openFiles: 64 }, { version: '1.0.0' }, false],
  [{ version: '1.0.0', openFiles: null }, { version: '1.0.0', openFiles: 64 }, false],
])('%o replaces %o: %s', (mine, other, expected) => {
  expect(isBetter(mine, other)).toBe(expected);
});
