import { expect, test } from 'vitest';
import { parseWait, withWaitValues } from './flags.ts';

test.each([
  [['--wait'], ['--wait=30']],
  [
    ['--wait', 'api'],
    ['--wait=30', 'api'],
  ],
  [
    ['--wait', '--json'],
    ['--wait=30', '--json'],
  ],
  [
    ['--wait', '45', 'api'],
    ['--wait', '45', 'api'],
  ],
  [
    ['api', '--wait', '500ms'],
    ['api', '--wait', '500ms'],
  ],
  [
    ['--wait=5m', 'api'],
    ['--wait=5m', 'api'],
  ],
  [
    ['--wait=', 'api'],
    ['--wait=', 'api'],
  ],
  [
    ['api', '--', '--wait'],
    ['api', '--', '--wait'],
  ],
  [
    ['--wait', '--', '--wait'],
    ['--wait=30', '--', '--wait'],
  ],
])('%j is read as %j', (argv, rewritten) => {
  expect(withWaitValues(argv)).toEqual(rewritten);
});

test('--wait accepts the same durations as other flags, and rejects everything else', () => {
  expect(parseWait({})).toBeUndefined();
  expect(parseWait({ wait: '30' })).toBe(30_000);
  expect(parseWait({ wait: '500ms' })).toBe(500);
  for (const wait of ['', 'soon', '-1', '1d', '5 m']) {
    expect(() => parseWait({ wait })).toThrow(expect.objectContaining({ code: 'SERVICE_DURATION_INVALID' }));
  }
});
