import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { getPage, listPages } from './pages.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'candle-pages-'));
  for (const file of [
    'tutorial',
    'concepts',
    'guides/ci',
    'guides/expressions',
    'guides/full-disk',
    'reference/errors',
  ]) {
    const path = join(root, 'dist/docs', `${file}.md`);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `<!-- written -->\n\n# The ${file}\n\nText.\n`);
  }
});
afterEach(() => rmSync(root, { recursive: true }));

test('pages have the names of their files and the titles of their first headings, and top-level pages come first', () => {
  expect(listPages(root).map(({ name, title }) => [name, title])).toEqual([
    ['concepts', 'The concepts'],
    ['tutorial', 'The tutorial'],
    ['ci', 'The guides/ci'],
    ['expressions', 'The guides/expressions'],
    ['full-disk', 'The guides/full-disk'],
    ['errors', 'The reference/errors'],
  ]);
});

test.each(['ci', 'CI', 'guides/ci.md', '../guides/ci.md#exit-codes'])('%s finds the page ci', (asked) => {
  expect(getPage(root, asked)).toEqual({ name: 'ci', title: 'The guides/ci', text: '# The guides/ci\n\nText.\n' });
});

test.each([
  ['tutorail', 'tutorial'],
  ['disk', 'full-disk'],
  ['Regex', 'expressions'],
])('the hint for the unknown name %s is the page %s', (asked, page) => {
  expect(() => getPage(root, asked)).toThrow(
    expect.objectContaining({ hint: `Did you mean '${page}'? Run: candle get-doc ${page}` }),
  );
});

test('without a similar name, the hint is the list of pages', () => {
  expect(() => getPage(root, 'kubernetes')).toThrow(
    expect.objectContaining({ hint: 'To list all pages: candle list-docs' }),
  );
});

test.each(['', '../../../etc/passwd', '.'])('%j is rejected without reading a file', (asked) => {
  expect(() => getPage(root, asked)).toThrow(expect.objectContaining({ code: 'DOC_UNKNOWN' }));
});
