import { expect, test } from 'vitest';
import { isBetter, isNewer } from './ensure-supervisor.ts';

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

test.each([
  ['1.2.3', '1.2.2', true],
  ['1.10.0', '1.9.9', true],
  ['2.0.0', '10.0.0', false],
  ['1.0.0', '1.0.0', false],
  ['1.0.0', '1.0.0-beta.2', true],
  ['1.0.0-beta.10', '1.0.0-beta.2', true],
  ['1.0.0-beta.2', '1.0.0', false],
  ['1.0.0', 'nonsense', true],
  ['nonsense', '0.0.0', false],
])('%s is newer than %s: %s', (a, b, newer) => {
  expect(isNewer(a, b)).toBe(newer);
});
