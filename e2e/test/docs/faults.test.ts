import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faults } from '../../faults/list.ts';

const page = join(import.meta.dirname, '../../../docs/reference/faults.md');

test('docs/reference/faults.md lists exactly the faults of e2e/faults/list.ts', () => {
  const rows = [...readFileSync(page, 'utf8').matchAll(/^\| (\d+) \| (.*?) \|/gm)];
  expect(rows.map(([, number, fault]) => [Number(number), fault])).toEqual(
    Object.entries(faults).map(([number, fault]) => [Number(number), fault]),
  );
});

test('the list has the numbers 1 to 56', () => {
  expect(Object.keys(faults).map(Number)).toEqual(Array.from({ length: 56 }, (_, index) => index + 1));
});
