import type BetterSqlite3 from 'better-sqlite3';
import type { PageFile } from './page-file.ts';
import type { Value } from './record.ts';
import { walkTable } from './walk-table.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** Whether it is the rowid, which is not stored in the record. */
  readonly isRowid: boolean;
}

/** The layout of Candle's tables in a new database. */
export interface Layout {
  /** The columns of each table in the order of record values. */
  readonly columns: Readonly<Record<string, readonly Column[]>>;
  /** The root page of each table and index. */
  readonly roots: ReadonlyMap<string, number>;
}

/** A row by column name. Columns that were added after the row was written are missing. */
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

/** The root pages of tables and indexes, from the database itself or otherwise from where Candle's migrations always put them. */
export function rootsIn(file: PageFile, layout: Layout): ReadonlyMap<string, number> {
  const own = [...walkTable(file, 1).rows.values()].flatMap(([, name, , root]): [string, number][] =>
    typeof name === 'string' && typeof root === 'number' ? [[name, root]] : [],
  );
  return new Map([...layout.roots, ...own]);
}

/** Undefined if a value does not have its column's type, because the row or the whole page belongs to another table. */
export function findRow(columns: readonly Column[], rowid: number, values: readonly Value[]): Row | undefined {
  const row: Record<string, Value> = {};
  for (const [index, { name, type, isRequired, isRowid }] of columns.entries()) {
    const value = isRowid ? rowid : values[index];
    // The row was written before the column was added.
    if (value === undefined && index > 0) continue;
    if (value === undefined || (value === null ? isRequired : !isOfType(value, type))) return undefined;
    row[name] = value;
  }
  return row;
}

function isOfType(value: string | number, type: string): boolean {
  return type === 'integer' ? Number.isFinite(value) : typeof value === 'string';
}
