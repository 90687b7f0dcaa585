import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { PluginEntry } from '../plugin-entry.ts';
import { changePlugins } from './change-plugins.ts';
import { readPluginList } from './plugin-list.ts';

const onWaiting = { onWaiting: () => undefined };

function dataDirectory(): string {
  const root = mkdtempSync(join(tmpdir(), 'candle-plugins-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return join(root, 'data');
}

const entry = (name: string): PluginEntry => ({ name, type: 'user', tag: 'latest' });

/** Adds a plugin with one file. */
function add(dataDir: string, name: string): Promise<void> {
  return changePlugins(dataDir, onWaiting, async ({ dir, list }) => {
    mkdirSync(join(dir, 'node_modules', name), { recursive: true });
    writeFileSync(join(dir, 'node_modules', name, 'index.js'), name);
    return { list: { ...list, plugins: [...list.plugins, entry(name)] }, result: undefined };
  });
}

const names = (dataDir: string) => readPluginList(dataDir).plugins.map(({ name }) => name);

test('a change is visible completely or not at all', async () => {
  const dataDir = dataDirectory();
  await add(dataDir, 'one');
  const failing = changePlugins(dataDir, onWaiting, async ({ dir }) => {
    rmSync(join(dir, 'node_modules'), { recursive: true });
    writeFileSync(join(dir, 'package.json'), '');
    throw new Error('the network is gone');
  });
  await expect(failing).rejects.toThrow('the network is gone');
  expect(names(dataDir)).toEqual(['one']);
  expect(readFileSync(join(dataDir, 'node_modules/one/index.js'), 'utf8')).toBe('one');
  expect(readdirSync(join(dataDir, 'versions'))).toHaveLength(1);
});

test('the previous version is kept until the next change, for commands that run from it', async () => {
  const dataDir = dataDirectory();
  for (const name of ['one', 'two', 'three', 'four']) await add(dataDir, name);
  expect(names(dataDir)).toEqual(['one', 'two', 'three', 'four']);
  expect(readdirSync(join(dataDir, 'versions'))).toHaveLength(2);
});

test('versions that a build before the first release left are removed by the next change', async () => {
  const dataDir = dataDirectory();
  const earlier = join(dataDir, 'generations', 'a');
  mkdirSync(earlier, { recursive: true });
  await add(dataDir, 'one');
  expect(existsSync(earlier)).toBe(false);
});

test('concurrent changes run one after another', async () => {
  const dataDir = dataDirectory();
  const all = ['one', 'two', 'three', 'four', 'five'];
  await Promise.all(all.map((name) => add(dataDir, name)));
  expect(names(dataDir).sort()).toEqual(all.sort());
  for (const name of all) expect(existsSync(join(dataDir, 'node_modules', name, 'index.js'))).toBe(true);
});

test('adopts plugins that oclif itself installed', async () => {
  const dataDir = dataDirectory();
  mkdirSync(join(dataDir, 'node_modules/old'), { recursive: true });
  writeFileSync(join(dataDir, 'node_modules/old/index.js'), 'old');
  writeFileSync(join(dataDir, 'package.json'), JSON.stringify({ oclif: { plugins: [entry('old')] } }));
  await add(dataDir, 'new');
  expect(names(dataDir)).toEqual(['old', 'new']);
  expect(readFileSync(join(dataDir, 'node_modules/old/index.js'), 'utf8')).toBe('old');
});

test('removes everything with the last plugin, except unknown files', async () => {
  const dataDir = dataDirectory();
  const removeAll = () => changePlugins(dataDir, onWaiting, async () => ({ list: { plugins: [] }, result: undefined }));
  await add(dataDir, 'one');
  await removeAll();
  expect(existsSync(dataDir)).toBe(false);
  await add(dataDir, 'one');
  writeFileSync(join(dataDir, 'notes.txt'), '');
  await removeAll();
  expect(readdirSync(dataDir)).toEqual(['notes.txt']);
});
