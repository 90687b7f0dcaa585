import { expect, test } from 'vitest';
import { parseProcAddress } from './parse-address.ts';

test.each([
  ['0100007F', '127.0.0.1'],
  ['00000000', '0.0.0.0'],
  ['0302A8C0', '192.168.2.3'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000001000000', '::1'],
  ['B80D0120000000000000000001000000', '2001:db8::1'],
  ['0000000000000000FFFF00000100007F', '127.0.0.1'],
])('parses %s as %s', (hex, address) => {
  expect(parseProcAddress(hex)).toBe(address);
});

test.each(['', '0100007', 'local_address', '0100007F00'])('%o is not an address', (hex) => {
  expect(parseProcAddress(hex)).toBeUndefined();
});
