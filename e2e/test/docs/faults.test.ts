import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faults } from '../../faults/list.ts';

const page = join(import.meta.dirname, '../../../docs/reference/faults.md');

test('docs/reference/faults.md names exactly the faults of the list', () => {
  const rows = [...readFileSync(page, 'utf8').matchAll(/^\| (\d+) \| (.*?) \|/gm)];
  expect(rows.map(([, number, fault]) => [Number(number), fault])).toEqual(
    Object.entries(faults).map(([number, fault]) => [Number(number), fault]),
  );
});

test('the list has all 55 numbers', () => {
  expect(Object.keys(faults).map(Number)).toEqual(Array.from({ length: 55 }, (_, index) => index + 1));
});
