import fc from 'fast-check';
import { expect, test } from 'vitest';
import { problemsIn, problemsWith, serviceWith } from '../../test/config-text.ts';
import { parseSize } from './log-limits.ts';

const size = "must be a size of 64KB or more: a number of bytes, or '512KB', '64MB', '1GB'";
const duration = "must be a duration from 0 to 24 days: a number of seconds, or '500ms', '10s', '5m', '2h'";
const form = "must be an object with 'maxBytes' and 'maxAge'";
const KiB = 1024;

test.each<[string | number, number]>([
  [65_536, 64 * KiB],
  ['65536', 64 * KiB],
  ['65536B', 64 * KiB],
  ['64KB', 64 * KiB],
  ['64kb', 64 * KiB],
  ['64K', 64 * KiB],
  ['64 KiB', 64 * KiB],
  ['0.5MB', 512 * KiB],
  ['64MB', 64 * KiB ** 2],
  ['1GB', KiB ** 3],
])('%j is %i bytes', (written, bytes) => {
  expect(parseSize(written)).toBe(bytes);
});

test.each([
  '',
  '64',
  'MB',
  '63KB',
  '65535',
  '-64MB',
  '+64MB',
  '1e9',
  '1TB',
  '64 M B',
  '64MB ',
  '.5MB',
  '0x100000',
  1e300,
])('%j is not a size', (written) => {
  expect(parseSize(written)).toBeUndefined();
});

test('a size is at least 64 KiB, and a whole number', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double({ noNaN: true }), fc.stringMatching(/^\d{1,20}(\.\d)?[KMG]?B?$/)), (written) => {
      const bytes = parseSize(written);
      if (bytes !== undefined) expect(Number.isSafeInteger(bytes) && bytes >= 64 * KiB).toBe(true);
    }),
  );
});

test('each limit has its default', async () => {
  const [maxBytes, maxAgeMs] = [64 * KiB ** 2, 7 * 24 * 3_600_000];
  expect((await serviceWith('"logs": {}')).logs).toEqual({ maxBytes, maxAgeMs });
  expect((await serviceWith('"logs": {"maxAge": "2h"}')).logs).toEqual({ maxBytes, maxAgeMs: 7_200_000 });
  expect((await serviceWith('"logs": {"maxBytes": "1MB"}')).logs).toEqual({ maxBytes: KiB ** 2, maxAgeMs });
});

test.each(['1', 'null', '[]', '"64MB"', 'false'])('"logs": %s must be an object', async (written) => {
  expect(await problemsWith(`"logs": ${written}`)).toEqual([`3 logs: ${form}`]);
});

test.each(['0', '65535', '-1', 'null', 'true', '"63KB"', '"1TB"', '1e300', '"big"'])(
  'a maxBytes of %s is not a size',
  async (written) => {
    expect(await problemsWith(`"logs": {"maxBytes": ${written}}`)).toEqual([`3 logs.maxBytes: ${size}`]);
  },
);

test('several invalid values are reported at once, also for several services', async () => {
  expect(await problemsWith('"logs": {\n"maxBytes": "big",\n"maxAge": "7d"\n}')).toEqual([
    `4 logs.maxBytes: ${size}`,
    `5 logs.maxAge: ${duration}`,
  ]);
  const bad = '{"shell": "run",\n"logs": 1, "restart": "no",\n"ready": {"port": 0}}';
  expect(await problemsIn(`{"services": {\n"api": ${bad},\n"web": ${bad}}}`)).toEqual([
    `3 services.api.logs: ${form}`,
    '3 services.api.restart: must be one of never, on-failure, always',
    '4 services.api.ready.port: must be a port from 1 to 65535, true for the reserved one, or one template like "${services.db.port}"',
    `6 services.web.logs: ${form}`,
    '6 services.web.restart: must be one of never, on-failure, always',
    '7 services.web.ready.port: must be a port from 1 to 65535, true for the reserved one, or one template like "${services.db.port}"',
  ]);
});
