import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreErrors, useCases } from '@candle/core';
import { supervisorErrors } from '@candle/supervisor';
import { expect, test } from 'vitest';
import { mcpErrors } from './catalogue.ts';

test('every error class is in the catalogue exactly once', () => {
  const classes = globSync('**/*.ts', { cwd: import.meta.dirname, exclude: ['**/*.test.ts'] }).flatMap((file) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/class (\w+) extends CandleError/g)].flatMap(
      ([, name]) => name ?? [],
    ),
  );
  expect(mcpErrors.map(({ name }) => name).toSorted()).toEqual(classes.toSorted());
});

test('every error code is unique', () => {
  const codes = [...coreErrors, ...supervisorErrors, ...mcpErrors].map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

test('every error code in the table of use cases is in the catalogue', () => {
  const codes = new Set([...coreErrors, ...supervisorErrors].map(({ code }) => code));
  const named = Object.values(useCases).flatMap(({ errors }) => errors);
  expect(named.filter((code) => !codes.has(code))).toEqual([]);
});
