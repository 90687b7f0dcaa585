import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreErrors } from '@candle/core';
import { mcpErrors } from '@candle/mcp';
import { supervisorErrors } from '@candle/supervisor';
import { expect, test } from 'vitest';
import { pluginErrors } from './catalogue.ts';

test('every error class is in the catalogue exactly once', () => {
  const classes = globSync('**/*.ts', { cwd: import.meta.dirname, exclude: ['**/*.test.ts'] }).flatMap((file) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/class (\w+) extends CandleError/g)].flatMap(
      ([, name]) => name ?? [],
    ),
  );
  expect(pluginErrors.map(({ name }) => name).toSorted()).toEqual(classes.toSorted());
});

test('every error has a unique code and a hint', () => {
  const codes = [...coreErrors, ...supervisorErrors, ...mcpErrors, ...pluginErrors].map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const error of pluginErrors) {
    expect(error.code).toMatch(/^PLUGIN_[A-Z_]+$/);
    expect(error.hint, error.code).toBeTruthy();
    expect(error.message, error.code).not.toMatch(/^Error|undefined\b(?! \(reading)|\[object/);
  }
});
