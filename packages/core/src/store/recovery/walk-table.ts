import { findBTreePage, readCell } from './b-tree-page.ts';
import type { PageFile } from './page-file.ts';
import { readVarint, UnreadableError, type Value } from './record.ts';

/** Keys from `first` to `last`, inclusive. */
export interface KeyRange {
  readonly first: number;
  readonly last: number;
}

export interface TableWalk {
  /** By rowid. */
  readonly rows: ReadonlyMap<number, readonly Value[]>;
  /** Ranges with rows that could not be read; they may include rowids of rows that could. */
  readonly unread: readonly KeyRange[];
}

const everyKey: KeyRange = { first: Number.MIN_SAFE_INTEGER, last: Number.MAX_SAFE_INTEGER };

/**
 * Returns all readable rows of a table by walking its pages. This is stricter than SQLite, which checks only what it
 * needs: a page with invalid content (a key that belongs elsewhere, a cell outside the page) does not count as intact.
 */
export function walkTable(file: PageFile, root: number): TableWalk {
  const rows = new Map<number, readonly Value[]>();
  const unread: KeyRange[] = [];
  const visited = new Set<number>();

  const walk = (number: number, range: KeyRange): void => {
    const page = visited.has(number) ? undefined : findBTreePage(file, number);
    visited.add(number);
    if (page?.kind === 'table leaf') {
      let isWhole = !page.isFaulty;
      let first = range.first;
      for (const cell of page.cells) {
        const row = orUndefined(() => readCell(file, page, cell));
        if (row === undefined || row.rowid < first || row.rowid > range.last) {
          isWhole = false;
          continue;
        }
        rows.set(row.rowid, row.values);
        first = row.rowid + 1;
      }
      if (!isWhole) unread.push(range);
    } else if (page?.kind === 'table interior') {
      let isWhole = !page.isFaulty;
      let first = range.first;
      for (const cell of page.cells) {
        const key = orUndefined(() => readVarint(page.bytes, cell + 4).value);
        if (key === undefined || key < first || key > range.last) {
          isWhole = false;
          continue;
        }
        walk(page.bytes.readUInt32BE(cell), { first, last: key });
        first = key + 1;
      }
      walk(page.lastChild, { first, last: range.last });
      if (!isWhole) unread.push(range);
    } else unread.push(range);
  };

  walk(root, everyKey);
  return { rows, unread };
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
}
