import type BetterSqlite3 from 'better-sqlite3';
import type { PageFile } from './page-file.ts';
import type { Value } from './record.ts';
import { walkTable } from './walk-table.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** It is the rowid, which is not stored in the record. */
  readonly isRowid: boolean;
}

/** How Candle's tables lie in a database that was just made. */
export interface Layout {
  /** In the order in which records have them. */
  readonly columns: Readonly<Record<string, readonly Column[]>>;
  /** The first page of each table and index. */
  readonly roots: ReadonlyMap<string, number>;
}

/** A row by the names of its columns; those that it was written without are missing. */
export type Row = Readonly<Record<string, Value>>;

export function layoutOf(sqlite: BetterSqlite3.Database): Layout {
  const entries = sqlite.prepare<[], SchemaEntry>('SELECT type, name, rootpage FROM sqlite_master').all();
  const tables = entries.filter(({ type }) => type === 'table').map(({ name }) => name);
  return {
    columns: Object.fromEntries(tables.map((table) => [table, columnsOf(sqlite, table)])),
    roots: new Map(entries.map(({ name, rootpage }) => [name, rootpage])),
  };
}

interface SchemaEntry {
  readonly type: string;
  readonly name: string;
  readonly rootpage: number;
}

interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}

function columnsOf(sqlite: BetterSqlite3.Database, table: string): readonly Column[] {
  return (sqlite.pragma(`table_info(${table})`) as ColumnInfo[]).map(({ name, type, notnull, pk }) => ({
    name,
    type: type.toLowerCase(),
    isRequired: notnull === 1,
    isRowid: pk === 1 && type.toLowerCase() === 'integer',
  }));
}

/** Where a table or an index begins: as its own database says, else where Candle's migrations always put it. */
export function rootsIn(file: PageFile, layout: Layout): ReadonlyMap<string, number> {
  const own = [...walkTable(file, 1).rows.values()].flatMap(([, name, , root]): [string, number][] =>
    typeof name === 'string' && typeof root === 'number' ? [[name, root]] : [],
  );
  return new Map([...layout.roots, ...own]);
}

/** Undefined when a value is not of its column's kind: the row, or the whole page, is another's. */
export function findRow(columns: readonly Column[], rowid: number, values: readonly Value[]): Row | undefined {
  const row: Record<string, Value> = {};
  for (const [index, { name, type, isRequired, isRowid }] of columns.entries()) {
    const value = isRowid ? rowid : values[index];
    // Written before its column was added.
    if (value === undefined && index > 0) continue;
    if (value === undefined || (value === null ? isRequired : !isOfType(value, type))) return undefined;
    row[name] = value;
  }
  return row;
}

function isOfType(value: string | number, type: string): boolean {
  return type === 'integer' ? Number.isFinite(value) : typeof value === 'string';
}
