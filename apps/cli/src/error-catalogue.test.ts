import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCandleError } from '@candle/core/errors';
import { expect, test } from 'vitest';
import { kitErrors } from '../../../packages/cli-kit/src/catalogue.ts';
import { allErrors } from './error-catalogue.ts';

const root = join(import.meta.dirname, '../../..');
const declared = [...allErrors(), ...kitErrors];

/** Every class in the sources that extends another one: its name, and that of the other one. */
const subclasses = globSync('{packages,apps}/*/src/**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^(?:export )?class (\w+) extends (\w+)/gm)].map(
    ([, name = '', parent = '']) => ({ name, parent }),
  ),
);

test('the catalogue has every error class with a code and an example, once', () => {
  const classes = subclasses.filter(({ parent }) => parent === 'CandleError').map(({ name }) => name);
  expect(classes.length).toBeGreaterThan(90);
  expect(
    allErrors()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(classes.toSorted());
});

test('no error class extends another one, which would share its code', () => {
  const names = new Set(declared.map(({ name }) => name));
  expect(subclasses.filter(({ parent }) => names.has(parent))).toEqual([]);
});

test('every code is unique and begins with its area', () => {
  const codes = declared.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) {
    expect(code).toMatch(
      /^(PORT|PROJECT|CONFIG|SERVICE|STATE|LOGS|EXEC|ERASE|MCP|PLUGIN|DOC|SETUP|SYSTEM|COMPLETION)_[A-Z_]+$/,
    );
  }
});

test.each(declared.map((error) => [error.code, error] as const))(
  'the example of %s is complete',
  (code, declaration) => {
    const example = declaration.example();
    expect(isCandleError(example)).toBe(true);
    expect(example).toMatchObject({ code, name: declaration.name });
    expect(example.hint).toBeTruthy();
    expect(`${example.message}\n${example.hint}`).not.toMatch(/^Error|undefined\b(?! \(reading)|\[object/);
  },
);
