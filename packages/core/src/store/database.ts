import { existsSync } from 'node:fs';
import { setImmediate as nextTick } from 'node:timers/promises';
import type BetterSqlite3 from 'better-sqlite3';
import { monotonicMs } from '../system/local-time.ts';
import { Access, type Connection, type Connector, type Orm } from './connection.ts';
import { StateBusyError, StateDamagedError, StateTooNewError } from './errors.ts';
import { fileAt, isOtherFileAt, raiseCommitNumber, type StatePaths, versionAt } from './state-dir.ts';
import { translateStoreError } from './translate-error.ts';

/** SQLite blocks the process while it waits for a lock, so it waits in slices to let the process do other things. */
export const maxBlockMs = 1000;

export type Write<T> = (access: Access) => T | Promise<T>;

/** Runs queries, on the database or on a copy of it. */
export interface Queries {
  read<T>(query: (access: Access) => T): Promise<T>;
  /** Runs `work` atomically. */
  write<T>(work: Write<T>): Promise<T>;
}

/** A copy in memory is used for this long; then the database is tried again. Milliseconds. */
const copyLastsMs = 1_000;

/** The maximum number of attempts of a query when its file is replaced during the query. */
const maxTries = 3;

/**
 * The connection to state.db. Reads run at once. Writes of this process wait for each other, because a write may stay
 * open during a bind test, and a second write that blocked in SQLite meanwhile would block the test too.
 *
 * Every query uses the database that is at the path now: if the file was replaced, the query uses the new one. If it is
 * damaged, missing or was replaced by an older copy, the database is repaired and the query runs again. A read or a write may
 * therefore run more than once, but only one run takes effect.
 */
export class Database implements Queries {
  readonly #paths: StatePaths;
  readonly #connector: Connector;
  readonly #directory: string | undefined;
  #connection: Connection;
  #access: Access;
  #connectedAtMs = monotonicMs();
  #replacements = 0;
  #isClosed = false;
  /** The version of the content whose commit number was verified. */
  #verifiedVersion: number | undefined;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(paths: StatePaths, connector: Connector) {
    this.#paths = paths;
    this.#connector = connector;
    this.#connection = connector.connect();
    this.#boundWait();
    this.#directory = fileAt(paths.stateDir);
    this.#access = new Access(this.#connection.sqlite);
  }

  get orm(): Orm {
    return this.#access.orm;
  }

  /** How often this process continued with another file. */
  get replacements(): number {
    return this.#replacements;
  }

  /** Whether its state directory was not replaced, and its file is at its path, or will be after a recovery. */
  isInPlace(): boolean {
    const isRecovering = !this.#connection.sqlite.open && !this.#isClosed;
    return !isOtherFileAt(this.#paths.stateDir, this.#directory) && (isRecovering || this.#isAtPath());
  }

  /** A deleted file can still be read, but nobody would read what is written to it. */
  #isAtPath(): boolean {
    return this.#connection.sqlite.open && !isOtherFileAt(this.#paths.path, this.#connection.file);
  }

  /** A number that changes when another connection has written, or the file was replaced. The same while it is locked. */
  changes(): number {
    try {
      this.#query(() => undefined);
    } catch (error) {
      if (!(error instanceof StateBusyError)) throw error;
    }
    return this.#replacements * 2 ** 32 + (this.#verifiedVersion ?? 0);
  }

  /** Whether this Candle may no longer write to the database because a newer one has migrated it. */
  isTooNew(): boolean {
    try {
      this.#connector.verify(this.#connection.sqlite);
      return false;
    } catch (error) {
      return error instanceof StateTooNewError;
    }
  }

  async read<T>(query: (access: Access) => T): Promise<T> {
    return this.#retryWhileLocked(() => this.#query(query));
  }

  /** Tries again while another process has the database or its recovery locked. */
  async #retryWhileLocked<T>(attempt: () => T | Promise<T>): Promise<T> {
    const deadlineMs = monotonicMs() + this.#paths.busyTimeoutMs;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof StateBusyError) || monotonicMs() >= deadlineMs) throw error;
      }
      await nextTick();
    }
  }

  #query<T>(query: (access: Access) => T): T {
    for (let tried = 1; ; tried++) {
      if (this.#isReplaced()) this.#reconnect();
      const connection = this.#connection;
      try {
        this.#verifyIfChanged(connection);
        return query(this.#access);
      } catch (error) {
        this.#repairOrThrow(error, connection, tried);
      }
    }
  }

  /** An older copy that was written over the file has another `data_version`, like the commits of other connections. */
  #verifyIfChanged({ sqlite, refusal }: Connection): void {
    const version = Number(sqlite.pragma('data_version', { simple: true }));
    if (version === this.#verifiedVersion) return;
    if (refusal === undefined) this.#connector.verifyCommit(sqlite);
    this.#verifiedVersion = version;
  }

  /** The whole database as the content of a file. */
  content(): Promise<Buffer> {
    return this.read(() => {
      const { sqlite } = this.#connection;
      // Says why, if the file cannot be read; `serialize` does not.
      sqlite.pragma('schema_version');
      return sqlite.serialize();
    });
  }

  /** Runs `work` atomically inside BEGIN IMMEDIATE … COMMIT. Drizzle's own transactions do not accept promises. */
  write<T>(work: Write<T>): Promise<T> {
    return this.#enqueue(() => this.#retryWhileLocked(() => this.#transaction(work)));
  }

  /** Runs `work` while no process can write. It may even remove the file; its own writes are rolled back. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
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

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lastWrite.then(work);
    this.#lastWrite = result.catch(() => undefined);
    return result;
  }

  async #transaction<T>(work: Write<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      if (this.#connection.refusal !== undefined || this.#isReplaced()) this.#reconnect();
      this.#refuseCopy();
      const connection = this.#connection;
      try {
        await this.#begin();
        const version = versionAt(this.#paths.path);
        if (this.#isMoved(connection)) throw new MovedError();
        const changesBefore = countChanges(connection);
        const result = await work(this.#access);
        const hasChanged = countChanges(connection) !== changesBefore;
        const commit = hasChanged ? raiseCommitNumber(connection.sqlite) : undefined;
        // SQLite writes to the file only at COMMIT: another program has written over it, which a commit would mix with.
        const isOverwritten = !connection.isWal && versionAt(this.#paths.path) !== version;
        if (isOverwritten || this.#isMoved(connection)) throw new MovedError();
        await this.#execute(connection.sqlite, 'COMMIT');
        if (this.#isMoved(connection)) throw new MovedError();
        if (commit !== undefined) this.#connector.onChanged(commit);
        return result;
      } catch (error) {
        if (connection.sqlite.inTransaction) connection.sqlite.exec('ROLLBACK');
        if (!(error instanceof MovedError || this.#isMoved(connection))) this.#repairOrThrow(error, connection, tried);
        else if (tried >= maxTries) throw new StateDamagedError(this.#paths.path, 'it was replaced repeatedly');
        else if (connection === this.#connection) this.#reconnect();
        this.#refuseCopy();
      }
    }
  }

  /** A copy in memory cannot be written: the write fails for the same reason as the repair. */
  #refuseCopy(): void {
    if (this.#connection.refusal !== undefined) throw this.#connection.refusal;
  }

  /**
   * Whether the file was moved away, so that nobody would read what is written to it. If the whole state directory is
   * gone, the current operation (stopping services) continues with the data that is left.
   */
  #isMoved(connection: Connection): boolean {
    if (connection !== this.#connection) return true;
    return !this.#isAtPath() && existsSync(this.#paths.stateDir);
  }

  /** Whether another file is in its place, or it is missing and can be restored. After an erasure, it can still be read. */
  #isReplaced(): boolean {
    if (this.#isClosed) return false;
    // An earlier attempt to reconnect has failed.
    if (!this.#connection.sqlite.open) return true;
    const file = fileAt(this.#paths.path);
    if (this.#connection.refusal !== undefined) {
      return file !== this.#connection.file || monotonicMs() - this.#connectedAtMs > copyLastsMs;
    }
    return file === undefined ? this.#connector.isRestorable() : file !== this.#connection.file;
  }

  #boundWait(): void {
    this.#connection.sqlite.pragma(`busy_timeout = ${Math.min(maxBlockMs, this.#paths.busyTimeoutMs)}`);
  }

  /** A write that is in progress on the former connection fails, and is then repeated on the new one. */
  #reconnect(copy?: Connection): void {
    // First, because SQLite would keep the locks of a write in progress.
    this.#connection.sqlite.close();
    this.#connection = copy ?? this.#connector.connect();
    this.#boundWait();
    this.#connectedAtMs = monotonicMs();
    this.#replacements++;
    this.#verifiedVersion = undefined;
    this.#access = new Access(this.#connection.sqlite);
  }

  /** Throws if the database cannot be repaired; returns if another attempt is worthwhile. */
  #repairOrThrow(error: unknown, connection: Connection, tried: number): void {
    const failure = translateStoreError(error, this.#paths);
    if (!(failure instanceof StateDamagedError) || tried >= maxTries) throw failure;
    if (connection !== this.#connection) return;
    // An open write of this process is repeated later; its lock must not block the repair meanwhile.
    connection.sqlite.close();
    this.#reconnect(this.#connector.repair({ file: connection.file, reason: failure.reason }));
  }

  async #begin(): Promise<void> {
    const { sqlite } = this.#connection;
    // Without its directory, the database is only in memory, and SQLite cannot create a journal.
    if (!existsSync(this.#paths.stateDir)) sqlite.pragma('journal_mode = MEMORY');
    await this.#execute(sqlite, 'BEGIN IMMEDIATE');
    try {
      this.#connector.verify(sqlite);
      this.#connector.verifyCommit(sqlite);
    } catch (error) {
      sqlite.exec('ROLLBACK');
      throw error;
    }
  }

  /** Waits for the locks of other processes: BEGIN for their writes, COMMIT for their reads. */
  async #execute(sqlite: BetterSqlite3.Database, statement: 'BEGIN IMMEDIATE' | 'COMMIT'): Promise<void> {
    const { busyTimeoutMs } = this.#paths;
    const deadlineMs = monotonicMs() + busyTimeoutMs;
    for (;;) {
      try {
        sqlite.exec(statement);
        return;
      } catch (error) {
        if (!isBusy(error) || monotonicMs() >= deadlineMs) throw error;
      }
      await nextTick();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#connection.sqlite.close();
  }
}

/** The file was moved away, or another program has written over it, during a write. */
class MovedError extends Error {}

/** The number of rows that the connection has changed since it was opened. */
function countChanges({ sqlite }: Connection): unknown {
  return sqlite.prepare('SELECT total_changes()').pluck().get();
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
