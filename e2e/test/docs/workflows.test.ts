import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const repository = join(import.meta.dirname, '../../..');
const folder = join(repository, '.github/workflows');
const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

describe.each(readdirSync(folder))('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');

  test('names each action by commit, and says the version', () => {
    const uses = text.match(/^ *-? *uses:.*$/gm) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('runs what is run before anything lands', () => {
    expect(text).toMatch(/- run: \.ci\/run$/m);
  });

  test('runs scripts that are there', () => {
    const named = [...text.matchAll(/(?:npm|pnpm) run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  test('has nothing of what it may do but what it says', () => {
    expect(text).toMatch(/^permissions:( \{\}|\n {2}contents: read)$/m);
    expect(text).not.toContain('secrets.');
    expect(text).not.toContain('pull_request_target');
  });
});
