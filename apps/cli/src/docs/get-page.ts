import { basename } from 'node:path';
import { nearestName } from '@candle/core';
import { DocUnknownError } from './errors.ts';
import { type DocPage, listPages } from './pages.ts';

/** @param asked the name of a page, or a link to it from another page (`guides/ci.md#exit-codes`) @throws DocUnknownError */
export function getPage(packageRoot: string, asked: string): DocPage {
  const pages = listPages(packageRoot);
  const wanted = basename(asked.split('#')[0] ?? '', '.md').toLowerCase();
  const page = pages.find(({ name }) => name === wanted);
  if (page) return page;
  const names = pages.map(({ name }) => name);
  throw new DocUnknownError(asked, nearestName(wanted, names), names);
}
