import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const repository = join(import.meta.dirname, '../../..');
const pages = globSync('**/*.md', { cwd: repository, exclude: ['**/node_modules', '**/dist', '**/CHANGELOG.md'] });

/** Without blocks of code, which show text and link to nothing. */
function prose(path: string): string {
  return readFileSync(path, 'utf8').replace(/^(`{3,}).*?^\1/gms, '');
}

/** The names that headings can be linked by: as GitHub makes them, the second of two equal ones with -1. */
function anchorsOf(path: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const headings = [...prose(path).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => {
    const name = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}-${times}`;
  });
  return new Set(headings);
}

test('there are pages to look at', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/tutorial.md', 'docs/reference/mcp.md']));
});

test.each(pages)('every link of %s leads somewhere', (page) => {
  const path = join(repository, page);
  const broken = [
    ...prose(path)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(target)) return [link];
    return anchor !== undefined && !anchorsOf(target).has(anchor) ? [link] : [];
  });
  expect(broken).toEqual([]);
});
