import type { UnwritableError } from './errors.ts';
import type { ReservationStore } from './reservation-store.ts';
import type { RunStore } from './run-store.ts';
import type { ServiceStore } from './service-store.ts';
import type { SetupStore } from './setup-store.ts';
import type { TrustStore } from './trust-store.ts';

/** The opened database. Its parts return promises, so that it can be implemented with another database. */
export interface Store {
  readonly reservations: ReservationStore;
  readonly services: ServiceStore;
  readonly runs: RunStore;
  readonly trust: TrustStore;
  readonly setups: SetupStore;
  /** Returns those of the directories that have a reservation or a service. */
  projectsAmong(dirs: readonly string[]): Promise<readonly string[]>;
  /**
   * A number that changes when another process has written. Cheap enough to poll. Like every query, it continues with the
   * database that is there now, and restores one that was removed or replaced by an older copy.
   */
  changes(): number;
  /** How often the database was replaced since this process opened it. */
  replacements(): number;
  /** False after the state directory was deleted or replaced, or its content erased. */
  isInPlace(): boolean;
  /** Whether a newer Candle has migrated the database so that this one may not write to it. */
  isTooNew(): boolean;
  /**
   * Copies the database to `state.db.last` within a minute, for a recovery. Every write of this process does this too; call
   * it for a change by another process.
   */
  copySoon(): void;
  /** Makes a copy that is due now. Never fails; call it before the process ends. */
  finishCopy(): Promise<void>;
  /** Runs `work` while no process, including this one, can write. It may remove the database. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /**
   * The same store for one operation that has to succeed although nothing may be writable, such as stopping services. As
   * soon as the database refuses a write, it continues in memory, with the same content and with all service locks
   * released. Close it when the operation is over. That discards what was written in memory.
   */
  orInMemory(): Promise<StoreOrMemory>;
  close(): void;
}

export interface StoreOrMemory extends Store {
  /** Why it continues in memory; undefined if everything has been written to the database so far. */
  refusal(): UnwritableError | undefined;
}
