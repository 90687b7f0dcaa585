import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCandleError } from '@candle/core';
import { expect, onTestFinished, test } from 'vitest';
import { describeSource, npmSpec, parsePluginSource } from './plugin-source.ts';

function refusalOf(text: string): { message: string; hint: string | undefined } {
  try {
    const source = parsePluginSource(text, { cwd: '/' });
    throw new Error(`Not refused: ${JSON.stringify(source)}`);
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return { message: error.message, hint: error.hint };
  }
}

test.each([
  ['hosts', '@candle/plugin-hosts', 'latest', true],
  ['my-hosts2', '@candle/plugin-my-hosts2', 'latest', true],
  ['hosts@1.2.0', '@candle/plugin-hosts', '1.2.0', true],
  ['hosts@next', '@candle/plugin-hosts', 'next', true],
  ['@ada/x', '@ada/x', 'latest', false],
  ['@ada/plugin-x@^1.2', '@ada/plugin-x', '^1.2', false],
  ['@ada/x@>=1.0.0', '@ada/x', '>=1.0.0', false],
  ['candle-plugin-x', 'candle-plugin-x', 'latest', false],
  ['candle-plugin-x@~2', 'candle-plugin-x', '~2', false],
])('%s means %s at %s', (text, name, tag, isShort) => {
  expect(parsePluginSource(text, { cwd: '/' })).toEqual({ kind: 'registry', name, tag, isShort });
});

test.each([
  'https://example.com/x-1.0.0.tgz',
  'http://127.0.0.1:4873/@ada/x/-/x-1.0.0.tgz',
  'git+https://github.com/someone/their-plugin.git#v1',
  'git+ssh://git@github.com/someone/their-plugin.git',
])('%s is an address', (address) => {
  expect(parsePluginSource(address, { cwd: '/' })).toEqual({ kind: 'address', address });
});

test('a tarball is meant by its path, in every form that a path has', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'candle-source-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'a b.tgz'), '');
  const address = `file:${join(cwd, 'a b.tgz')}`;
  for (const text of ['a b.tgz', './a b.tgz', 'file:a b.tgz', join(cwd, 'a b.tgz'), `file://${cwd}/a%20b.tgz`]) {
    expect(parsePluginSource(text, { cwd })).toEqual({ kind: 'address', address });
  }
});

const fullNames = 'By its full name: candle plugins install @someone/their-plugin, or candle-plugin-NAME';

test.each([
  ['hosts; rm -rf ~', 'it is no name of a plugin'],
  ['$(reboot)', 'it is no name of a plugin'],
  ['`reboot`', 'it is no name of a plugin'],
  ['two words', 'it is no name of a plugin'],
  ['@ada/x y', 'it is no name of a plugin'],
  ['@ada/../x', 'it is no name of a plugin'],
  ['@ada', 'it is no name of a plugin'],
  ['Hosts', 'it is no name of a plugin'],
  ['lodash.get', 'it is no name of a plugin'],
  ['a--b', 'it is no name of a plugin'],
  ['hosts@1 || true', 'it names no version'],
  ['hosts@', 'it names no version'],
  ['hosts@npm:evil', 'it names no version'],
  ['@ada/x@file:/etc', 'it names no version'],
  ['@ada/x@github:a/b', 'it names no version'],
  ['https://[nowhere', 'it is not an address'],
  ['https://example.com/x y.tgz', 'it is not an address'],
])('%s is refused: %s', (text, reason) => {
  expect(refusalOf(text)).toEqual({ message: `'${text}' cannot be installed: ${reason}`, hint: fullNames });
});

test.each([
  ['\u001b[2Jhosts', "'\\u001b[2Jhosts' cannot be installed: it has control characters"],
  ['ada\u202ehosts', "'ada\\u202ehosts' cannot be installed: it has control characters"],
  ['hosts\n', "'hosts\\u000a' cannot be installed: it has control characters"],
  ['a'.repeat(215), `'${'a'.repeat(60)}…' cannot be installed: it is too long`],
])('%j is refused, and shown without acting on a terminal', (text, message) => {
  expect(refusalOf(text).message).toBe(message);
});

test.each(['someone/their-plugin', 'github:someone/their-plugin', 'gitlab:someone/their-plugin'])(
  '%s is not taken for a repository: the address is asked for',
  (text) => {
    const host = text.startsWith('gitlab:') ? 'gitlab.com' : 'github.com';
    expect(refusalOf(text).hint).toBe(`candle plugins install git+https://${host}/someone/their-plugin.git`);
  },
);

test('plugin-hosts, which is a stranger’s, is answered with the short name', () => {
  expect(refusalOf('plugin-hosts').hint).toBe('candle plugins install hosts, which is @candle/plugin-hosts');
});

test('git+ssh and other forms that would run a program are addresses only when they are whole', () => {
  expect(refusalOf('git@github.com:someone/their-plugin.git').message).toMatch(/cannot be installed/);
});

test('a password in an address is given to npm and shown to nobody', () => {
  const source = parsePluginSource('git+https://ada:s3cret@example.com/x.git', { cwd: '/' });
  expect(npmSpec(source)).toContain('s3cret');
  expect(describeSource(source)).toBe('git+https://ada:***@example.com/x.git');
});
