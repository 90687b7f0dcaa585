import type BetterSqlite3 from 'better-sqlite3';
import { currentEndReason } from '../../runs/run-record.ts';
import type { Row } from './table-layout.ts';

/** Inserts rows as they were read. A row that conflicts with another is skipped, because pages of a damaged file may be from different times. */
export function insertRows(sqlite: BetterSqlite3.Database, table: 'services' | 'runs', rows: readonly Row[]): void {
  for (const row of rows) {
    const names = Object.keys(row);
    const values = names.map((name) => `@${name}`).join(', ');
    const current = 'end_reason' in row ? { ...row, end_reason: currentEndReason(row.end_reason) } : row;
    sqlite.prepare(`INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${values})`).run(current);
  }
}
