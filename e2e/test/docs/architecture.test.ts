import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');

/** What stands in backticks and has the form of a path below one of the top folders. */
function pathsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/`((?:packages|apps|e2e|benchmarks|examples|docs|scripts)\/[\w./-]+)`/g)].flatMap(
    ([, path]) => path ?? [],
  );
}

const byHand = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md', ...globSync('docs/{*,guides/*}.md', { cwd: root })];

test.each(byHand)('every file that %s names exists', (page) => {
  expect(pathsOf(page).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('ARCHITECTURE.md walks through the files of reserve-port and start', () => {
  const paths = pathsOf('ARCHITECTURE.md');
  expect(paths).toContain('packages/core/src/reservations/reserve-port.ts');
  expect(paths).toContain('packages/supervisor/src/services/start.ts');
  expect(paths.length).toBeGreaterThan(30);
});
