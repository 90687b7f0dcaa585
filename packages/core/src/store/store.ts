import type { ReservationStore } from './reservation-store.ts';
import type { RunStore } from './run-store.ts';
import type { ServiceStore } from './service-store.ts';

/** The opened database. Its parts answer with promises, so that another database can stand behind them. */
export interface Store {
  readonly reservations: ReservationStore;
  readonly services: ServiceStore;
  readonly runs: RunStore;
  /** Those of the directories that have a reservation or a service. */
  projectsAmong(dirs: readonly string[]): Promise<readonly string[]>;
  /** A number that differs when another process has written since the last call. Cheap enough to ask often. */
  changes(): number;
  /** False once the state directory was deleted, or its database set aside, under it: what it tells is then seen by nobody else. */
  isInPlace(): boolean;
  /** A newer Candle has migrated it, and does not let this one write. */
  isTooNew(): boolean;
  /** Copies the database to `state.db.last`, from which what cannot be read of it one day is restored. */
  copy(): Promise<void>;
  /** Runs `work` while no process can write, this one included; it may remove the database itself. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}
