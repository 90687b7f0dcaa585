import type BetterSqlite3 from 'better-sqlite3';
import type { UnwritableError } from './errors.ts';

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
