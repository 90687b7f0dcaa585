import { expect, test } from 'vitest';
import { isOfThisBoot } from './process-table.ts';

const present = { bootId: () => '43cf2a3b-5484.24' };

test('distinguishes a run of the current boot from a run of another boot or container', () => {
  expect(isOfThisBoot(present, '43cf2a3b-5484.24')).toBe(true);
  expect(isOfThisBoot(present, '43cf2a3b-5484.2')).toBe(false);
  expect(isOfThisBoot(present, '43cf2a3b-5485.24')).toBe(false);
  expect(isOfThisBoot(present, '')).toBe(false);
});

test('accepts the boot id written by the first versions', () => {
  expect(isOfThisBoot(present, '43cf2a3b-5484')).toBe(true);
  expect(isOfThisBoot(present, '43cf2a3b')).toBe(false);
});
