import { existsSync } from 'node:fs';
import { setImmediate as nextTick } from 'node:timers/promises';
import type BetterSqlite3 from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { StateDamagedError, StateTooNewError } from './errors.ts';
import { fileAt } from './file-at.ts';
import { type StatePaths, translateStoreError } from './translate-error.ts';

export type Orm = BetterSQLite3Database;

/** While SQLite waits for a lock, this process does nothing else, so that Ctrl-C would not be heard: it waits in slices. */
const lockWaitSliceMs = 1000;

/** One opened file. */
export interface Connection {
  readonly sqlite: BetterSqlite3.Database;
  /** Which file it is (see `fileAt`). */
  readonly file: string;
}

export interface Connecting {
  connect(): Connection;
  /** Puts another database in the place of this one, unless another process has done so already. */
  mend(damage: { readonly file: string; readonly reason: string }): void;
  /** @throws StateTooNewError when a newer Candle has made something of it that this one may not write to */
  verify(sqlite: BetterSqlite3.Database): void;
}

/** What was asked of a file that was then moved away is asked of its successor, this many times at most. */
const maxTries = 3;

/**
 * The connection to state.db. Reads happen at once; writes of this process wait for each other, because a write may
 * stay open over a bind test, and a second one that blocked in SQLite meanwhile would block the test with it.
 *
 * Damage that a query meets is mended, and the query asked again; and when another process has put another file in the
 * place of this one, that is the one to work on. So a read or a write may run more than once, of which one counts.
 */
export class Database {
  readonly #paths: StatePaths;
  readonly #connecting: Connecting;
  #connection: Connection;
  #orm: Orm;
  /** Connections before this one: a write may still be under way on one of them, and is then done again. */
  readonly #former: Connection[] = [];
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(paths: StatePaths, connecting: Connecting) {
    this.#paths = paths;
    this.#connecting = connecting;
    this.#connection = connecting.connect();
    this.#orm = drizzle(this.#connection.sqlite);
  }

  get orm(): Orm {
    return this.#orm;
  }

  /** Does its file still stand at its path? One that was deleted can be written to, and nobody ever reads it. */
  isInPlace(): boolean {
    return fileAt(this.#paths.path) === this.#connection.file;
  }

  /** A number that differs when another connection has written since the last call (`PRAGMA data_version`), or the file is another. */
  changes(): number {
    const version = Number(this.#connection.sqlite.pragma('data_version', { simple: true }));
    return this.#former.length * 2 ** 32 + version;
  }

  /** May this Candle write to it no more, since a newer one has migrated it? */
  isTooNew(): boolean {
    try {
      this.#connecting.verify(this.#connection.sqlite);
      return false;
    } catch (error) {
      return error instanceof StateTooNewError;
    }
  }

  async read<T>(query: (orm: Orm) => T): Promise<T> {
    for (let tried = 1; ; tried++) {
      if (this.#isReplaced()) this.#reconnect();
      const connection = this.#connection;
      try {
        return query(this.#orm);
      } catch (error) {
        this.#mendOrThrow(error, connection, tried);
      }
    }
  }

  /** Runs `work` inside BEGIN IMMEDIATE … COMMIT: all of it happens or nothing. By hand, as drizzle's refuses promises. */
  write<T>(work: (orm: Orm) => T | Promise<T>): Promise<T> {
    return this.#enqueue(() => this.#transaction(work));
  }

  /** Runs `work` while no process can write; it may even remove the file, and what it writes is not kept. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#enqueue(async () => {
      await this.#begin();
      const { sqlite } = this.#connection;
      try {
        return await work();
      } finally {
        if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
      }
    });
  }

  /** Works on the connection itself between two writes, for what is no query: see `copyDatabase`. */
  withConnection(work: (sqlite: BetterSqlite3.Database) => void): Promise<void> {
    return this.#enqueue(() => this.read(() => work(this.#connection.sqlite)));
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lastWrite.then(work);
    this.#lastWrite = result.catch(() => undefined);
    return result;
  }

  async #transaction<T>(work: (orm: Orm) => T | Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      if (this.#isReplaced()) this.#reconnect();
      const connection = this.#connection;
      try {
        await this.#begin();
        if (this.#isMoved(connection)) throw new MovedError();
        const result = await work(this.#orm);
        if (this.#isMoved(connection)) throw new MovedError();
        connection.sqlite.exec('COMMIT');
        return result;
      } catch (error) {
        if (connection.sqlite.inTransaction) connection.sqlite.exec('ROLLBACK');
        if (!(error instanceof MovedError)) this.#mendOrThrow(error, connection, tried);
        else if (tried >= maxTries) throw new StateDamagedError(this.#paths.path, 'it is replaced again and again');
        else if (connection === this.#connection) this.#reconnect();
      }
    }
  }

  /**
   * Written to, it would be read by nobody. Without a state directory nobody would read anything: then what is being done
   * (services are being stopped) is to be done with what is known.
   */
  #isMoved(connection: Connection): boolean {
    if (connection !== this.#connection) return true;
    return !this.isInPlace() && existsSync(this.#paths.stateDir);
  }

  /** Another file stands in its place. One that is only gone is asked for what it knows, and never written to. */
  #isReplaced(): boolean {
    const file = fileAt(this.#paths.path);
    return file !== undefined && file !== this.#connection.file;
  }

  #reconnect(): void {
    const connection = this.#connecting.connect();
    this.#former.push(this.#connection);
    this.#connection = connection;
    this.#orm = drizzle(connection.sqlite);
  }

  /** Throws what cannot be mended; returns when it is worth another try. */
  #mendOrThrow(error: unknown, connection: Connection, tried: number): void {
    const failure = translateStoreError(error, this.#paths);
    if (!(failure instanceof StateDamagedError) || tried >= maxTries) throw failure;
    if (connection !== this.#connection) return;
    // A write of this process that waits for something is done again; meanwhile its lock must not keep the mending waiting.
    if (connection.sqlite.inTransaction) connection.sqlite.exec('ROLLBACK');
    this.#connecting.mend({ file: connection.file, reason: failure.reason });
    this.#reconnect();
  }

  async #begin(): Promise<void> {
    const { sqlite } = this.#connection;
    const deadlineMs = performance.now() + this.#paths.busyTimeoutMs;
    sqlite.pragma(`busy_timeout = ${Math.min(lockWaitSliceMs, this.#paths.busyTimeoutMs)}`);
    try {
      for (;;) {
        try {
          sqlite.exec('BEGIN IMMEDIATE');
          break;
        } catch (error) {
          if (!isBusy(error) || performance.now() >= deadlineMs) throw error;
        }
        await nextTick();
      }
      this.#connecting.verify(sqlite);
    } catch (error) {
      if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
      throw error;
    } finally {
      sqlite.pragma(`busy_timeout = ${this.#paths.busyTimeoutMs}`);
    }
  }

  close(): void {
    for (const { sqlite } of [...this.#former, this.#connection]) sqlite.close();
  }
}

/** The file was moved away while a write was under way on it. */
class MovedError extends Error {}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
