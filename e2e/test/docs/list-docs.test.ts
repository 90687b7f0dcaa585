import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';

const docs = join(import.meta.dirname, '../../../docs');
// The package does not include the pages for contributors.
const files = globSync('**/*.md', { cwd: docs, exclude: ['internals/**', 'decisions/**'] });

test('list-docs lists every page of docs/ with a unique name, and get-doc prints it without the comment at its start', async () => {
  const box = sandbox();
  const { docs: listed } = await box.candleJson(['list-docs']);
  const names = files.map((file) => basename(file, '.md'));
  expect(new Set(names).size).toBe(names.length);
  expect(listed.map(({ name }: { name: string }) => name).toSorted()).toEqual(names.toSorted());
  for (const file of ['tutorial.md', 'guides/agents.md', 'reference/commands.md']) {
    const { stdout } = await box.candle(['get-doc', basename(file, '.md')]);
    expect(stdout).toBe(readFileSync(join(docs, file), 'utf8').replace(/^<!--.*-->\n\n/, ''));
  }
});

test('get-doc without a name lists the pages', async () => {
  const box = sandbox();
  expect(await box.candle(['get-doc'])).toEqual(await box.candle(['list-docs']));
  expect(await box.candleJson(['get-doc'])).toEqual(await box.candleJson(['list-docs']));
});

test('the documentation commands work without a state directory', async () => {
  const box = sandbox();
  const env = { CANDLE_STATE_DIR: '/dev/null/candle' };
  for (const command of [['list-docs'], ['get-doc', 'errors'], ['agents', 'guide']])
    expect(await box.candle(command, { env })).toMatchObject({ exitCode: 0, stderr: '' });
});

test('the error for an unknown page suggests a page with a similar name', async () => {
  expect(await sandbox().candle(['get-doc', 'tutorail'])).toMatchObject({
    exitCode: 1,
    stderr: "Error: There is no page 'tutorail'\nDid you mean 'tutorial'? Run: candle get-doc tutorial\n",
  });
});
