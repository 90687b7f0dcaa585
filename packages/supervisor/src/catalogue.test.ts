import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreErrors } from '@candle/core';
import { expect, test } from 'vitest';
import { supervisorErrors } from './catalogue.ts';

test('the catalogue contains every error class once', () => {
  const classes = globSync('**/*.ts', { cwd: import.meta.dirname, exclude: ['**/*.test.ts'] }).flatMap((file) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/class (\w+) extends CandleError/g)].flatMap(
      ([, name]) => name ?? [],
    ),
  );
  expect(supervisorErrors.map(({ name }) => name).toSorted()).toEqual(classes.toSorted());
});

test('no two errors share a code', () => {
  const codes = [...coreErrors, ...supervisorErrors].map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});
