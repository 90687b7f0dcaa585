import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEphemeralRange } from '../candle.ts';
import { InvalidPortError } from './errors.ts';
import { parsePort, portAfter } from './port-range.ts';

test('every number from 1 to 65535 is a port', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 65535 }), (port) => {
      expect(parsePort(String(port))).toBe(port);
    }),
  );
});

test.each([
  '',
  '0',
  '65536',
  '99999',
  '100000',
  '-1',
  '4000.5',
  '4e3',
  '0x10',
  ' 4000',
  '4000 ',
  '4000\n',
  '٤٠٠٠',
  'api',
])('%j is not a port', (text) => {
  expect(() => parsePort(text)).toThrow(InvalidPortError);
});

test('4000 follows 65535 and every port below 4000', () => {
  expect([portAfter(1024), portAfter(3998), portAfter(3999)]).toEqual([4000, 4000, 4000]);
  expect([portAfter(4000), portAfter(65534), portAfter(65535)]).toEqual([4001, 65535, 4000]);
});

test("parses the ephemeral range in the kernel's format", () => {
  expect(parseEphemeralRange('32768\t60999\n')).toEqual({ first: 32768, last: 60999 });
});

test.each(['', 'a\tb', '60999\t32768', '0\t0', '32768'])(
  'an unreadable range (%j) falls back to the IANA range',
  (text) => {
    expect(parseEphemeralRange(text)).toEqual({ first: 49152, last: 65535 });
  },
);
