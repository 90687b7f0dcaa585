import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreErrors, useCases } from '@candle/core';
import { supervisorErrors } from '@candle/supervisor';
import { expect, test } from 'vitest';
import { mcpErrors } from './catalogue.ts';

test('every class of failure stands in the catalogue, once', () => {
  const classes = globSync('**/*.ts', { cwd: import.meta.dirname, exclude: ['**/*.test.ts'] }).flatMap((file) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/class (\w+) extends CandleError/g)].flatMap(
      ([, name]) => name ?? [],
    ),
  );
  expect(mcpErrors.map(({ name }) => name).toSorted()).toEqual(classes.toSorted());
});

test('no code stands for two failures', () => {
  const codes = [...coreErrors, ...supervisorErrors, ...mcpErrors].map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

test('the failures that the table of use cases names are in the catalogue', () => {
  const codes = new Set([...coreErrors, ...supervisorErrors].map(({ code }) => code));
  const named = Object.values(useCases).flatMap(({ errors }) => errors);
  expect(named.filter((code) => !codes.has(code))).toEqual([]);
});
