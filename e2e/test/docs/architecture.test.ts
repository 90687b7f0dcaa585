import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');

/** The paths in backticks that begin with one of the top-level folders. */
function pathsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/`((?:packages|apps|e2e|benchmarks|examples|docs|scripts)\/[\w./-]+)`/g)].flatMap(
    ([, path]) => path ?? [],
  );
}

/** The pages that are not generated. */
const byHand = [
  'AGENTS.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
  ...globSync('docs/{*,decisions/*,guides/*,internals/*}.md', { cwd: root }),
];

test.each(byHand)('every path in %s exists', (page) => {
  expect(pathsOf(page).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('ARCHITECTURE.md refers to the files of reserve-port and start', () => {
  const paths = pathsOf('ARCHITECTURE.md');
  expect(paths).toContain('packages/core/src/reservations/reserve-port.ts');
  expect(paths).toContain('packages/supervisor/src/services/start.ts');
  expect(paths.length).toBeGreaterThan(30);
});
