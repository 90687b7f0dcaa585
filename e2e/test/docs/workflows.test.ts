import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const repository = join(import.meta.dirname, '../../..');
const folder = join(repository, '.github/workflows');
const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

describe.each(readdirSync(folder))('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');

  test('pins each action to a commit, with its version in a comment', () => {
    const uses = text.match(/^ *-? *uses:.*$/gm) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('runs .ci/run, which also runs before every merge', () => {
    expect(text).toMatch(/- run: \.ci\/run$/m);
  });

  test('runs only scripts of package.json', () => {
    const used = [...text.matchAll(/(?:npm|pnpm) run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(used.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  test('has no permissions beyond reading the repository, and uses no secrets', () => {
    expect(text).toMatch(/^permissions:( \{\}|\n {2}contents: read)$/m);
    expect(text).not.toContain('secrets.');
    expect(text).not.toContain('pull_request_target');
  });
});
