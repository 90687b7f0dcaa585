import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type BetterSqlite3 from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { type StatePlace, translateStoreError } from './translate-error.ts';

export type Orm = BetterSQLite3Database;

/** While SQLite waits for a lock, this process does nothing else, so that Ctrl-C would not be heard: it waits in slices. */
const lockWaitSliceMs = 1000;

/**
 * One connection to state.db. Reads happen at once; writes of this process wait for each other, because a write may
 * stay open over a bind test, and a second one that blocked in SQLite meanwhile would block the test with it.
 */
export class Database {
  readonly orm: Orm;
  readonly #sqlite: BetterSqlite3.Database;
  readonly #place: StatePlace;
  readonly #file: string | undefined;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(sqlite: BetterSqlite3.Database, place: StatePlace) {
    this.#sqlite = sqlite;
    this.#place = place;
    this.#file = fileAt(place.path);
    this.orm = drizzle(sqlite);
  }

  /** Does its file still stand at its path? One that was deleted can be written to, and nobody ever reads it. */
  isInPlace(): boolean {
    return fileAt(this.#place.path) === this.#file;
  }

  /** A number that differs when another connection has written since the last call (`PRAGMA data_version`). */
  changes(): number {
    return Number(this.#sqlite.pragma('data_version', { simple: true }));
  }

  async read<T>(query: (orm: Orm) => T): Promise<T> {
    try {
      return query(this.orm);
    } catch (error) {
      throw translateStoreError(error, this.#place);
    }
  }

  /** Runs `work` inside BEGIN IMMEDIATE … COMMIT: all of it happens or nothing. By hand, as drizzle's refuses promises. */
  write<T>(work: (orm: Orm) => T | Promise<T>): Promise<T> {
    const result = this.#lastWrite.then(() => this.#transaction(work));
    this.#lastWrite = result.catch(() => undefined);
    return result;
  }

  async #transaction<T>(work: (orm: Orm) => T | Promise<T>): Promise<T> {
    try {
      await this.#begin();
      const result = await work(this.orm);
      this.#sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#sqlite.inTransaction) this.#sqlite.exec('ROLLBACK');
      throw translateStoreError(error, this.#place);
    }
  }

  async #begin(): Promise<void> {
    const endMs = performance.now() + this.#place.busyTimeoutMs;
    this.#sqlite.pragma(`busy_timeout = ${Math.min(lockWaitSliceMs, this.#place.busyTimeoutMs)}`);
    try {
      for (;;) {
        try {
          this.#sqlite.exec('BEGIN IMMEDIATE');
          return;
        } catch (error) {
          if (!isBusy(error) || performance.now() >= endMs) throw error;
        }
        await nextTurn();
      }
    } finally {
      this.#sqlite.pragma(`busy_timeout = ${this.#place.busyTimeoutMs}`);
    }
  }

  close(): void {
    this.#sqlite.close();
  }
}

/** Which file it is, whatever its content; its number is not used again while it is open. */
function fileAt(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
