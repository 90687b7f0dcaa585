import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEphemeralRange } from './ephemeral-range.ts';
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
])('%j is no port', (text) => {
  expect(() => parsePort(text)).toThrow(InvalidPortError);
});

test('after 65535 comes 4000, and behind numbers that are not handed out too', () => {
  expect([portAfter(1024), portAfter(3998), portAfter(3999)]).toEqual([4000, 4000, 4000]);
  expect([portAfter(4000), portAfter(65534), portAfter(65535)]).toEqual([4001, 65535, 4000]);
});

test("the system's ephemeral range is read in the kernel's form", () => {
  expect(parseEphemeralRange('32768\t60999\n')).toEqual({ first: 32768, last: 60999 });
});

test.each(['', 'a\tb', '60999\t32768', '0\t0', '32768'])(
  'where the range cannot be read (%j), it is what IANA says',
  (text) => {
    expect(parseEphemeralRange(text)).toEqual({ first: 49152, last: 65535 });
  },
);
