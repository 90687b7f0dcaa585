import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';

const packaged = fileURLToPath(new URL('../../../apps/cli/config.schema.json', import.meta.url));
const installed = 'node_modules/@candle/cli/config.schema.json';

test('config-schema prints the schema that the package contains for editors', async () => {
  const box = sandbox();
  const text = readFileSync(packaged, 'utf8');
  expect(await box.candle(['config-schema'])).toEqual({ stdout: text, stderr: '', exitCode: 0 });
  expect(await box.candleJson(['config-schema'])).toEqual(JSON.parse(text));
});

test.each([[['setup-project']], [['add-service', 'api', '--shell', 'true']]])(
  '%j adds the schema to a new file only if Candle is installed in the project',
  async (line) => {
    const schemaOf = (dir: string) => JSON.parse(readFileSync(join(dir, '.candle.json'), 'utf8')).$schema;
    const without = sandbox();
    expect((await without.candle(line)).exitCode).toBe(0);
    expect(schemaOf(without.projectDir)).toBeUndefined();
    const withPackage = sandbox();
    withPackage.writeFile(installed, '{}');
    expect((await withPackage.candle(line)).exitCode).toBe(0);
    expect(schemaOf(withPackage.projectDir)).toBe(`./${installed}`);
    expect((await withPackage.candle(['list'])).exitCode).toBe(0);
  },
);
