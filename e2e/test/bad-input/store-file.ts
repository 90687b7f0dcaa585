import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Changes state.db with SQL, as no Candle would. */
export function alter(stateDir: string, sql: string): void {
  const database = new DatabaseSync(join(stateDir, 'state.db'));
  database.exec(sql);
  database.close();
}

/** Reservations of another project, so many that they take many pages. */
export function manyRows(first: number, count: number): string {
  return `
    WITH RECURSIVE n(port) AS (SELECT ${first} UNION ALL SELECT port + 1 FROM n WHERE port < ${first + count - 1})
    INSERT INTO reservations SELECT port, '/another/project/' || port, 'service-' || port, 0, port FROM n`;
}

/** The database and its log as they are while a process still has them open: rows of the log are not in the database. */
export function copyWithLog(stateDir: string, rows: string, to: string): void {
  const database = new DatabaseSync(join(stateDir, 'state.db'));
  database.exec(`PRAGMA wal_autocheckpoint = 0; ${rows}`);
  mkdirSync(to, { mode: 0o700 });
  for (const name of ['state.db', 'state.db-wal']) copyFileSync(join(stateDir, name), join(to, name));
  database.close();
}

/** What stands in a directory, by name. */
export function contentOf(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'base64')]),
  );
}
