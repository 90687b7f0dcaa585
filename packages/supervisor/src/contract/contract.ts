import type { PortHolder } from '../system/process-table.ts';

/**
 * `honoured`: it listens on its reserved port. `elsewhere`: on other ports only. `silent`: on nothing yet. `held`: somebody
 * else listens on the reserved port, beside it or in its place.
 */
export type ContractState = 'honoured' | 'elsewhere' | 'silent' | 'held';

/** What a run makes of its reserved port. */
export interface Contract {
  readonly port: number;
  readonly state: ContractState;
  /** Sorted. The reserved port when it is the run's, else what its processes listen on instead. */
  readonly listensOn: readonly number[];
  /** Who else listens on the reserved port, when it is `held`. */
  readonly holder: PortHolder | null;
}
