import { findBTreePage, readCell } from './b-tree-page.ts';
import type { PageFile } from './page-file.ts';
import { UnreadableError, type Value } from './record.ts';

/**
 * Returns all readable entries of an index: the indexed values followed by the rowid. An index repeats data of its table
 * on other pages.
 */
export function walkIndex(file: PageFile, root: number): readonly (readonly Value[])[] {
  const entries: (readonly Value[])[] = [];
  const visited = new Set<number>();

  const walk = (number: number): void => {
    const page = visited.has(number) ? undefined : findBTreePage(file, number);
    visited.add(number);
    if (!page?.kind.startsWith('index')) return;
    const isInterior = page.kind === 'index interior';
    for (const cell of page.cells) {
      if (isInterior) walk(page.bytes.readUInt32BE(cell));
      try {
        entries.push(readCell(file, page, isInterior ? cell + 4 : cell).values);
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
      }
    }
    if (isInterior) walk(page.lastChild);
  };

  walk(root);
  return entries;
}
