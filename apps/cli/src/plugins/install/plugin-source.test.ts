import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCandleError } from '@candle/core/errors';
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
])('%s is a URL', (address) => {
  expect(parsePluginSource(address, { cwd: '/' })).toEqual({ kind: 'address', address });
});

test('accepts every form of a path to a tarball', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'candle-source-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'a b.tgz'), '');
  const address = `file:${join(cwd, 'a b.tgz')}`;
  for (const text of ['a b.tgz', './a b.tgz', 'file:a b.tgz', join(cwd, 'a b.tgz'), `file://${cwd}/a%20b.tgz`]) {
    expect(parsePluginSource(text, { cwd })).toEqual({ kind: 'address', address });
  }
});

const fullNames = 'Use its full name: candle plugins install @someone/their-plugin, or candle-plugin-NAME';

test.each([
  ['hosts; rm -rf ~', 'it is not the name of a plugin'],
  ['$(reboot)', 'it is not the name of a plugin'],
  ['`reboot`', 'it is not the name of a plugin'],
  ['two words', 'it is not the name of a plugin'],
  ['@ada/x y', 'it is not the name of a plugin'],
  ['@ada/../x', 'it is not the name of a plugin'],
  ['@ada', 'it is not the name of a plugin'],
  ['Hosts', 'it is not the name of a plugin'],
  ['lodash.get', 'it is not the name of a plugin'],
  ['a--b', 'it is not the name of a plugin'],
  ['hosts@1 || true', 'it has no valid version'],
  ['hosts@', 'it has no valid version'],
  ['hosts@npm:evil', 'it has no valid version'],
  ['@ada/x@file:/etc', 'it has no valid version'],
  ['@ada/x@github:a/b', 'it has no valid version'],
  ['https://[nowhere', 'it is not a valid URL'],
  ['https://example.com/x y.tgz', 'it is not a valid URL'],
])('%s is refused: %s', (text, reason) => {
  expect(refusalOf(text)).toEqual({ message: `'${text}' cannot be installed: ${reason}`, hint: fullNames });
});

test.each([
  ['\u001b[2Jhosts', "'\\u001b[2Jhosts' cannot be installed: it has control characters"],
  ['ada\u202ehosts', "'ada\\u202ehosts' cannot be installed: it has control characters"],
  ['hosts\n', "'hosts\\u000a' cannot be installed: it has control characters"],
  ['a'.repeat(215), `'${'a'.repeat(60)}…' cannot be installed: it is too long`],
])('%j is refused, and shown without control characters', (text, message) => {
  expect(refusalOf(text).message).toBe(message);
});

test.each(['someone/their-plugin', 'github:someone/their-plugin', 'gitlab:someone/their-plugin'])(
  '%s is not treated as a repository: the hint has the URL',
  (text) => {
    const host = text.startsWith('gitlab:') ? 'gitlab.com' : 'github.com';
    expect(refusalOf(text).hint).toBe(
      `To install the repository: candle plugins install git+https://${host}/someone/their-plugin.git`,
    );
  },
);

test('refuses plugin-hosts, which could be anybody’s, and suggests the short name', () => {
  expect(refusalOf('plugin-hosts').hint).toBe('To install @candle/plugin-hosts: candle plugins install hosts');
});

test('refuses the abbreviated form of a git+ssh URL', () => {
  expect(refusalOf('git@github.com:someone/their-plugin.git').message).toMatch(/cannot be installed/);
});

test('passes a password in a URL to npm and never shows it', () => {
  const source = parsePluginSource('git+https://ada:s3cret@example.com/x.git', { cwd: '/' });
  expect(npmSpec(source)).toContain('s3cret');
  expect(describeSource(source)).toBe('git+https://ada:***@example.com/x.git');
});
