import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const repository = join(import.meta.dirname, '../../..');
const pages = globSync('**/*.md', { cwd: repository, exclude: ['**/node_modules', '**/dist', '**/CHANGELOG.md'] });

/** The page without its code blocks, in which links are only text. */
function prose(path: string): string {
  return readFileSync(path, 'utf8').replace(/^(`{3,}).*?^\1/gms, '');
}

/** The anchors of the headings, as GitHub generates them: the second of two equal headings gets the suffix -1. */
function anchorsOf(path: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const headings = [...prose(path).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => {
    const name = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
  return new Set(headings);
}

test('the pages to check include README.md, the tutorial and the reference', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/tutorial.md', 'docs/reference/mcp.md']));
});

test.each(pages)('the target of every link in %s exists', (page) => {
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
