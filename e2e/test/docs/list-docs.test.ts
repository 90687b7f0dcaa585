import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';

const docs = join(import.meta.dirname, '../../../docs');
// Pages for contributors are not part of the package.
const files = globSync('**/*.md', { cwd: docs, exclude: ['internals/**', 'decisions/**'] });

test('every page of docs/ is listed by a name of its own, and printed as it stands', async () => {
  const box = sandbox();
  const { docs: listed } = await box.candleJson(['list-docs']);
  const names = files.map((file) => basename(file, '.md'));
  expect(new Set(names).size).toBe(names.length);
  expect(listed.map(({ name }: { name: string }) => name).toSorted()).toEqual(names.toSorted());
  for (const file of ['tutorial.md', 'guides/agents.md', 'reference/commands.md']) {
    const { stdout } = await box.candle(['get-doc', basename(file, '.md')]);
    expect(stdout).toBe(readFileSync(join(docs, file), 'utf8'));
  }
});

test('the documentation needs no state directory, and makes none', async () => {
  const box = sandbox();
  const env = { CANDLE_STATE_DIR: '/dev/null/candle' };
  for (const line of [['list-docs'], ['get-doc', 'errors'], ['agents-guide']])
    expect(await box.candle(line, { env })).toMatchObject({ exitCode: 0, stderr: '' });
});

test('a page that is none is answered with the nearest', async () => {
  expect(await sandbox().candle(['get-doc', 'tutorail'])).toMatchObject({
    exitCode: 1,
    stderr: "Error: There is no page 'tutorail'\ncandle get-doc tutorial\n",
  });
});
