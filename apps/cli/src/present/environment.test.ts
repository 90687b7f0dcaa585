import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvFiles } from '@candle/core/services';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { randomVariables } from '../../test/random-variables.ts';
import { writeDotenv, writeShell } from './environment.ts';

/** Reads a text as an envFile of a service, with dotenv. */
function reader(): (text: string) => Promise<Readonly<Record<string, string>>> {
  const dir = mkdtempSync(join(tmpdir(), 'candle-dotenv-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return async (text) => {
    writeFileSync(join(dir, '.env'), text);
    const [file] = await readEnvFiles(dir, { name: 'api', envFiles: ['.env'] });
    return file?.variables ?? {};
  };
}

test('dotenv reads the same values back, and values that it could not read are omitted and listed', async () => {
  const read = reader();
  let omittedCount = 0;
  await fc.assert(
    fc.asyncProperty(randomVariables, async (variables) => {
      const { text, omitted } = writeDotenv(variables);
      omittedCount += omitted.length;
      const written = variables.filter(({ name }) => !omitted.includes(name));
      expect(await read(text)).toEqual(Object.fromEntries(written.map(({ name, value }) => [name, value])));
    }),
    { numRuns: 300 },
  );
  expect(omittedCount).toBeGreaterThan(0);
});

test.each([
  ['unquoted without special characters', 'postgres://u:p@h:5432/db', 'postgres://u:p@h:5432/db'],
  ['in single quotes with a dollar sign, which is literal there', 'a $b "c"', `'a $b "c"'`],
  ['on several lines', 'a\nb', "'a\nb'"],
  ['in double quotes with a carriage return, which only they can escape', 'a\r\nb', '"a\\r\nb"'],
  ['unquoted with a backslash at the end, which would escape a quote', 'C:\\', 'C:\\'],
  ['as an empty pair of quotes if it is empty', '', "''"],
])('a value is written %s', async (_, value, written) => {
  const { text } = writeDotenv([{ name: 'A', value }]);
  expect(text).toBe(`A=${written}`);
  expect(await reader()(text)).toEqual({ A: value });
});

test.each([
  ['all three quotes and a newline', `'"\`\n`],
  ['a backslash at the end and a newline', 'a\n\\'],
])('a value cannot be written with %s', (_, value) => {
  expect(writeDotenv([{ name: 'A', value }])).toEqual({ text: '', omitted: ['A'] });
});

test('a name that dotenv cannot read is omitted', () => {
  const names = ['A.b-c', 'BASH_FUNC_x%%', 'É', ''];
  expect(writeDotenv(names.map((name) => ({ name, value: '1' })))).toEqual({
    text: 'A.b-c=1',
    omitted: ['BASH_FUNC_x%%', 'É', ''],
  });
});

/** The environment of a program that a shell starts after `eval "$(…)"`. */
function evaluated(text: string): ReadonlyMap<string, string> {
  const script = 'eval "$(cat)"; exec env -0';
  const seen = execFileSync('/bin/sh', ['-c', script], { input: text, env: {}, encoding: 'utf8' });
  return new Map(
    seen
      .split('\0')
      .filter((entry) => entry.startsWith('V_'))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

test('a shell that evaluates the output has the same values', { timeout: 20_000 }, () => {
  fc.assert(
    fc.property(randomVariables, (variables) => {
      const { text, omitted } = writeShell(variables);
      expect(omitted).toEqual([]);
      expect(evaluated(text)).toEqual(new Map(variables.map(({ name, value }) => [name, value])));
    }),
    { numRuns: 60 },
  );
});

test('names that a shell cannot assign to are omitted', () => {
  const names = ['A', 'A-B', 'npm_config_//host/:_token', 'BASH_FUNC_x%%', '1A', '', 'UID', 'SHELLOPTS', '_b2'];
  const { text, omitted } = writeShell(names.map((name) => ({ name, value: 'v' })));
  expect(text).toBe("export A='v'\nexport _b2='v'");
  expect(omitted).toEqual(['A-B', 'npm_config_//host/:_token', 'BASH_FUNC_x%%', '1A', '', 'UID', 'SHELLOPTS']);
});
