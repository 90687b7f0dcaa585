import { fileHeaderSize, type PageFile } from './page-file.ts';
import { readRecord, readVarint, UnreadableError, type Value } from './record.ts';

/** The kinds of SQLite's b-tree pages by their first byte. */
const kinds: Readonly<Record<number, BTreePage['kind']>> = {
  2: 'index interior',
  5: 'table interior',
  10: 'index leaf',
  13: 'table leaf',
};

export interface BTreePage {
  readonly kind: 'index interior' | 'table interior' | 'index leaf' | 'table leaf';
  readonly bytes: Buffer;
  /** The offsets of its cells, in order. */
  readonly cells: readonly number[];
  /** The child after the last cell of an interior page. */
  readonly lastChild: number;
  /** Whether some of its cell pointers are invalid; those cells are omitted. */
  readonly isFaulty: boolean;
}

/** Undefined if the page is missing or is not a b-tree page. */
export function findBTreePage(file: PageFile, number: number): BTreePage | undefined {
  const bytes = file.page(number);
  const start = number === 1 ? fileHeaderSize : 0;
  const kind = kinds[bytes?.[start] ?? 0];
  if (bytes === undefined || kind === undefined) return undefined;
  const isInterior = kind.endsWith('interior');
  const count = bytes.readUInt16BE(start + 3);
  const first = start + (isInterior ? 12 : 8);
  const end = first + 2 * count;
  if (end > bytes.length) return undefined;
  const pointers = Array.from({ length: count }, (_, index) => bytes.readUInt16BE(first + 2 * index));
  const cells = pointers.filter((pointer) => pointer >= end && pointer < bytes.length - 3);
  const lastChild = isInterior ? bytes.readUInt32BE(start + 8) : 0;
  return { kind, bytes, cells, lastChild, isFaulty: cells.length < count };
}

/** Reads the record of a cell whose length is at `at`. The rest of a long record is on overflow pages. @throws UnreadableError */
export function readCell(file: PageFile, page: BTreePage, at: number): { rowid: number; values: readonly Value[] } {
  const isTable = page.kind === 'table leaf';
  const length = readVarint(page.bytes, at);
  const rowid = isTable ? readVarint(page.bytes, length.next) : { value: 0, next: length.next };
  return { rowid: rowid.value, values: readRecord(readPayload(file, page, length.value, rowid.next)) };
}

function readPayload(file: PageFile, { bytes, kind }: BTreePage, length: number, at: number): Buffer {
  const usable = file.pageSize;
  if (length < 0 || length > usable * file.pageCount) throw new UnreadableError('a record is too long');
  const max = kind === 'table leaf' ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (length <= max) return cut(bytes, at, length);
  const min = Math.floor(((usable - 12) * 32) / 255) - 23;
  const surplus = min + ((length - min) % (usable - 4));
  const local = surplus <= max ? surplus : min;
  const parts = [cut(bytes, at, local)];
  let next = cut(bytes, at + local, 4).readUInt32BE(0);
  for (let left = length - local; left > 0; ) {
    const overflow = file.page(next);
    if (overflow === undefined) throw new UnreadableError('a page is missing');
    const part = overflow.subarray(4, 4 + Math.min(left, usable - 4));
    parts.push(part);
    left -= part.length;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

function cut(bytes: Buffer, at: number, length: number): Buffer {
  if (at + length > bytes.length) throw new UnreadableError('a record is cut short');
  return bytes.subarray(at, at + length);
}
