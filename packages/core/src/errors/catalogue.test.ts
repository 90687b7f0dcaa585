import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isCandleError } from './candle-error.ts';
import { coreErrors } from './catalogue.ts';

const source = join(import.meta.dirname, '..');

function errorClassesOf(directory: string): string[] {
  return globSync('**/*.ts', { cwd: directory, exclude: ['**/*.test.ts'] }).flatMap((file) =>
    [...readFileSync(join(directory, file), 'utf8').matchAll(/class (\w+) extends CandleError/g)].flatMap(
      ([, name]) => name ?? [],
    ),
  );
}

test('the catalogue contains every error class exactly once', () => {
  expect(coreErrors.map(({ name }) => name).toSorted()).toEqual(errorClassesOf(source).toSorted());
});

test('every error has a unique code that begins with its area, and a hint', () => {
  const codes = coreErrors.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const error of coreErrors) {
    expect(isCandleError(error)).toBe(true);
    expect(error.code).toMatch(/^(PORT|PROJECT|CONFIG|SERVICE|STATE|LOGS)_[A-Z_]+$/);
    expect(error.exitCode).toBe(1);
    expect(error.hint, error.code).toBeTruthy();
    expect(error.message, error.code).not.toMatch(/^Error|undefined|\[object/);
  }
});
