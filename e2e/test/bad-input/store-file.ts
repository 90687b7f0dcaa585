import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Changes state.db with SQL in ways that Candle never does. */
export function alter(stateDir: string, sql: string): void {
  const database = new DatabaseSync(join(stateDir, 'state.db'));
  database.exec(sql);
  database.close();
}

/** SQL that adds reservations of another project; a large count fills many pages. */
export function manyRows(first: number, count: number): string {
  return `
    WITH RECURSIVE n(port) AS (SELECT ${first} UNION ALL SELECT port + 1 FROM n WHERE port < ${first + count - 1})
    INSERT INTO reservations SELECT port, '/another/project/' || port, 'service-' || port, 0, port FROM n`;
}

/** Copies the database in WAL mode and its log while a process has them open: rows in the log are not in the database yet. */
export function copyWithLog(stateDir: string, rows: string, to: string): void {
  const database = new DatabaseSync(join(stateDir, 'state.db'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${rows}`);
  mkdirSync(to, { mode: 0o700 });
  for (const name of ['state.db', 'state.db-wal']) copyFileSync(join(stateDir, name), join(to, name));
  database.close();
}

/** The content of each file in a directory, in base64, by name. */
export function contentOf(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'base64')]),
  );
}
