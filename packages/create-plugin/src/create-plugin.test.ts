import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPlugin } from './create-plugin.ts';
import { parsePluginName } from './plugin-name.ts';

function temporaryDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'create-plugin-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

const text = (...path: string[]) => readFileSync(join(...path), 'utf8');

test('a new plugin uses its own name everywhere and depends on the given version of Candle', () => {
  const dir = join(temporaryDirectory(), 'new', 'one');
  createPlugin(dir, parsePluginName('@ada/plugin-say-hello'), '1.2.3');
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
  expect(files.toSorted()).toEqual([
    '.gitignore',
    'README.md',
    'package.json',
    'src/commands/say-hello.ts',
    'test/say-hello.test.ts',
    'tsconfig.json',
  ]);
  for (const file of files)
    expect(text(dir, file), file).not.toMatch(/example-command|ExampleCommand|plugin-example|0\.0\.0/);
  const made = JSON.parse(text(dir, 'package.json'));
  expect(made).toMatchObject({ name: '@ada/plugin-say-hello', dependencies: { '@candle/cli-kit': '^1.2.3' } });
  expect(text(dir, 'src/commands/say-hello.ts')).toContain('class SayHello extends ProjectCommand');
});

test('a directory that is not empty is rejected and left unchanged', () => {
  const dir = temporaryDirectory();
  writeFileSync(join(dir, 'mine.txt'), 'mine');
  const name = parsePluginName('hello');
  expect(() => createPlugin(dir, name, '1.2.3')).toThrow('is not empty');
  expect(() => createPlugin(join(dir, 'mine.txt'), name, '1.2.3')).toThrow('is not empty');
  expect(readdirSync(dir)).toEqual(['mine.txt']);
});

test('an empty directory is accepted', () => {
  const dir = temporaryDirectory();
  mkdirSync(join(dir, 'empty'));
  createPlugin(join(dir, 'empty'), parsePluginName('2fa'), '1.2.3');
  expect(text(dir, 'empty', 'src/commands/2fa.ts')).toContain('class Plugin2fa extends');
});
