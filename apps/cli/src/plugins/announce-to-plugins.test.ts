import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as kit from '@candle/cli-kit';
import type { CandleEvent } from '@candle/core/events';
import { expect, expectTypeOf, onTestFinished, test } from 'vitest';
import { dataDirectory } from '../host/process-setup.ts';
import { findHookedPlugins } from './announce-to-plugins.ts';

function dataDirWith(files: Readonly<Record<string, unknown>>): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'candle-cli-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(dataDir, path), { recursive: true });
    writeFileSync(join(dataDir, path, 'package.json'), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return dataDir;
}

test('finds installed and linked plugins by the events that they hook into', () => {
  const dataDir = dataDirWith({
    'node_modules/@candle/plugin-a': { name: '@candle/plugin-a', oclif: { hooks: { 'port-reserved': './a' } } },
    linked: {
      name: 'candle-plugin-b',
      oclif: { hooks: { 'port-reserved': ['./a', './b'], 'service-started': './c' } },
    },
  });
  const plugins = [
    { name: '@candle/plugin-a', type: 'user', tag: 'latest' },
    { name: 'candle-plugin-b', type: 'link', root: join(dataDir, 'linked') },
  ];
  writeFileSync(join(dataDir, 'package.json'), JSON.stringify({ oclif: { plugins } }));
  const a = { name: '@candle/plugin-a', root: join(dataDir, 'node_modules/@candle/plugin-a') };
  const b = { name: 'candle-plugin-b', root: join(dataDir, 'linked') };
  expect(findHookedPlugins(dataDir, 'port-reserved')).toEqual([
    { ...a, hint: expect.stringContaining('candle plugins update @candle/plugin-a') },
    { ...b, hint: 'Fix it, or unlink it: candle plugins unlink candle-plugin-b' },
  ]);
  expect(findHookedPlugins(dataDir, 'service-started')).toMatchObject([b]);
  expect(findHookedPlugins(dataDir, 'port-released')).toEqual([]);
});

test.each([
  ['no plugins', {}],
  ['a damaged list', { '.': '{' }],
  ['a list that is not an array', { '.': { oclif: { plugins: 'x' } } }],
  ['invalid entries', { '.': { oclif: { plugins: [null, 7, { type: 'user' }, { name: 'x', type: 'dev' }] } } }],
  ['a missing plugin', { '.': { oclif: { plugins: [{ name: 'gone', type: 'user' }] } } }],
  ['a damaged plugin', { '.': { oclif: { plugins: [{ name: 'x', type: 'user' }] } }, 'node_modules/x': 'null' }],
])('with %s no plugin is notified', (_, files) => {
  expect(findHookedPlugins(dataDirWith(files), 'port-reserved')).toEqual([]);
});

test('uses the same plugins directory as oclif', () => {
  expect(dataDirectory({ CANDLE_DATA_DIR: '/d', XDG_DATA_HOME: '/x' })).toBe('/d');
  expect(dataDirectory({ XDG_DATA_HOME: '/x' })).toBe('/x/candle');
  expect(dataDirectory({})).toMatch(/\/\.local\/share\/candle$/);
});

test('events have the type that cli-kit documents', () => {
  expectTypeOf<CandleEvent>().toExtend<kit.CandleEvent>();
});
