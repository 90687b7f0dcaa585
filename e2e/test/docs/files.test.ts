import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/reference/files-and-environment.md'), 'utf8');

/** Patterns for the files of the state directory that the page lists. */
const documented = [...(page.split('\n## ')[1] ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map(
  ([, name = '']) => new RegExp(`^${name.replaceAll('.', '\\.').replace('<run>', '[^/]+').replace('*', '[^/]+')}$`),
);

/** Files that the page describes together with another file, and directories whose content it describes. */
const implied = /^((state|lock)\.db-journal|runs\/[^/]+|runs\/[^/]+\/log\/.+)$/;

test('docs/reference/files-and-environment.md lists every file of a state directory', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'echo here; exec sleep 1000', ready: false }] } });
  const seen = new Set<string>();
  const recordFiles = () => {
    for (const file of readdirSync(box.stateDir, { recursive: true, encoding: 'utf8' })) seen.add(file);
  };
  await box.candle(['reserve-port', 'api']);
  await box.candle(['start']);
  recordFiles();
  await box.candle(['restart']);
  recordFiles();
  await box.candle(['kill']);
  recordFiles();
  expect([...seen].some((file) => /^runs\/[^/]+\/launch\.json$/.test(file))).toBe(true);
  const undocumented = [...seen].filter(
    (file) => !implied.test(file) && !documented.some((pattern) => pattern.test(file)),
  );
  expect(undocumented).toEqual([]);
});
