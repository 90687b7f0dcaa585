import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvFiles } from '@candle/core';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { writeDotenv } from './dotenv-environment.ts';
import { randomVariables } from './random-variables.ts';

/** Reads texts as the envFile of a service is read, which is by dotenv. */
function reader(): (text: string) => Promise<Readonly<Record<string, string>>> {
  const dir = mkdtempSync(join(tmpdir(), 'candle-dotenv-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return async (text) => {
    writeFileSync(join(dir, '.env'), text);
    const [file] = await readEnvFiles(dir, { name: 'api', envFiles: ['.env'] });
    return file?.variables ?? {};
  };
}

test('dotenv reads the same values back; what it could not read is left out and named', async () => {
  const read = reader();
  let leftOutCount = 0;
  await fc.assert(
    fc.asyncProperty(randomVariables, async (variables) => {
      const { text, leftOut } = writeDotenv(variables);
      leftOutCount += leftOut.length;
      const written = variables.filter(({ name }) => !leftOut.includes(name));
      expect(await read(text)).toEqual(Object.fromEntries(written.map(({ name, value }) => [name, value])));
    }),
    { numRuns: 300 },
  );
  expect(leftOutCount).toBeGreaterThan(0);
});

test.each([
  ['as it is when nothing in it means anything', 'postgres://u:p@h:5432/db', 'postgres://u:p@h:5432/db'],
  ['in single quotes, where a dollar means nothing', 'a $b "c"', `'a $b "c"'`],
  ['over several lines', 'a\nb', "'a\nb'"],
  ['with its carriage return, which only double quotes know', 'a\r\nb', '"a\\r\nb"'],
  ['with a backslash at its end, which would hide a quote', 'C:\\', 'C:\\'],
  ['when it is empty', '', "''"],
])('a value is written %s', async (_, value, written) => {
  const { text } = writeDotenv([{ name: 'A', value }]);
  expect(text).toBe(`A=${written}`);
  expect(await reader()(text)).toEqual({ A: value });
});

test.each([
  ['all three quotes and a new line', `'"\`\n`],
  ['a backslash at its end and a new line', 'a\n\\'],
])('a value cannot be written with %s', (_, value) => {
  expect(writeDotenv([{ name: 'A', value }])).toEqual({ text: '', leftOut: ['A'] });
});

test('a name that dotenv would not read is left out', () => {
  const names = ['A.b-c', 'BASH_FUNC_x%%', 'É', ''];
  expect(writeDotenv(names.map((name) => ({ name, value: '1' })))).toEqual({
    text: 'A.b-c=1',
    leftOut: ['BASH_FUNC_x%%', 'É', ''],
  });
});
