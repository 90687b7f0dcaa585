import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryFiles } from '../../test/memory-files.ts';
import { expandPatterns, matchesText } from './workspace-patterns.ts';

const directories = [
  'web',
  'apps/web',
  'apps/api',
  'apps/.cache',
  'packages/ui',
  'packages/ui/examples/demo',
  'packages/embeds/core',
  'packages/embeds/node_modules/x',
  'packages/a/b/c',
  'templates/app',
];
const files = memoryFiles(Object.fromEntries(directories.map((directory) => [`${directory}/package.json`, {}])));

test.each([
  [['apps/*'], ['apps/api', 'apps/web']],
  [['./apps/*/'], ['apps/api', 'apps/web']],
  [['apps/w*'], ['apps/web']],
  [['web', 'missing'], ['web']],
  [['packages/**'], ['packages/a/b/c', 'packages/embeds/core', 'packages/ui']],
  [['**/core'], ['packages/embeds/core']],
  [['{apps,packages}/*'], ['apps/api', 'apps/web', 'packages/ui']],
  [['apps/*', '!apps/api'], ['apps/web']],
  [
    ['**', '!packages/**'],
    ['apps/api', 'apps/web', 'web'],
  ],
  [['**/**/**/**/**/**/core'], ['packages/embeds/core']],
  [['../*', 'apps/../web'], []],
  [['templates/*', 'apps/.cache'], []],
  [['{apps', '[', '', '!'], []],
])('%j matches %j', (patterns, expected) => {
  expect(expandPatterns(files, patterns)).toEqual({ directories: expected, isComplete: true });
});

test('a pattern matches like the regular expression with .* for each *', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  fc.assert(
    fc.property(text, pattern, (each, wildcards) => {
      expect(matchesText(each, wildcards)).toBe(new RegExp(`^${wildcards.replaceAll('*', '.*')}$`).test(each));
    }),
  );
});
