import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/reference/files-and-environment.md'), 'utf8');

/** The files of the state directory that the page names, as patterns. */
const named = [...(page.split('\n## ')[1] ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map(
  ([, name = '']) => new RegExp(`^${name.replaceAll('.', '\\.').replace('<run>', '[^/]+').replace('*', '[^/]+')}$`),
);

/** What lies beside a file of the page and is said with it, and directories that stand for what is in them. */
const saidWithIt = /^(state\.db-(wal|shm)|lock\.db-journal|runs\/[^/]+|runs\/[^/]+\/log\/.+)$/;

test('whatever lies in a state directory is named by the page of files', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'echo here; exec sleep 1000', ready: false }] } });
  const seen = new Set<string>();
  const look = () => {
    for (const file of readdirSync(box.stateDir, { recursive: true, encoding: 'utf8' })) seen.add(file);
  };
  await box.candle(['reserve-port', 'api']);
  await box.candle(['start']);
  look();
  await box.candle(['restart']);
  look();
  await box.candle(['kill']);
  look();
  expect([...seen].some((file) => /^runs\/[^/]+\/launch\.json$/.test(file))).toBe(true);
  const unnamed = [...seen].filter((file) => !saidWithIt.test(file) && !named.some((pattern) => pattern.test(file)));
  expect(unnamed).toEqual([]);
});
