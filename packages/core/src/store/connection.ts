import type BetterSqlite3 from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import type { UnwritableError } from './errors.ts';

export type Orm = BetterSQLite3Database;

/** A connection for queries. Frequent ones are prepared SQL, because drizzle takes longer to load than most commands take. */
export class Access {
  readonly sqlite: BetterSqlite3.Database;
  #orm: Orm | undefined;

  constructor(sqlite: BetterSqlite3.Database) {
    this.sqlite = sqlite;
  }

  get orm(): Orm {
    this.#orm ??= drizzle(this.sqlite);
    return this.#orm;
  }

  /** The first row of a query; undefined if there is none. */
  find<Row>(query: string, ...values: readonly unknown[]): Row | undefined {
    return this.sqlite.prepare<unknown[], Row>(query).get(...values);
  }

  /** All rows of a query. */
  list<Row>(query: string, ...values: readonly unknown[]): Row[] {
    return this.sqlite.prepare<unknown[], Row>(query).all(...values);
  }
}

/** A connection to one file. */
export interface Connection {
  readonly sqlite: BetterSqlite3.Database;
  /** Identifies the file (see `fileAt`); undefined if a copy is used because it is missing. */
  readonly file: string | undefined;
  /** Why it is a copy in memory, to be read only: the file can neither be used nor replaced at present. */
  readonly refusal?: UnwritableError;
  /** Whether it is in WAL mode, where other processes write to the file at any time. */
  readonly isWal?: boolean;
}

export interface Connector {
  connect(): Connection;
  /**
   * Replaces a damaged database, unless another process has already done so. If nothing can be written, returns a connection
   * to what would be restored.
   */
  repair(damage: { readonly file: string | undefined; readonly reason: string }): Connection | undefined;
  /** @throws StateTooNewError if a newer Candle has migrated the database so that this one may not write to it */
  verify(sqlite: BetterSqlite3.Database): void;
  /** @throws StateDamagedError if an older copy is in the place of the database */
  verifyCommit(sqlite: BetterSqlite3.Database): void;
  /** Whether there is anything from which a missing database can be restored. */
  isRestorable(): boolean;
  /** Called after a write of this process has changed the content, with the number of the commit. */
  onChanged(commit: number): void;
}
