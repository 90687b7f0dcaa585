import type { ListeningProcess } from '../system/process-table.ts';

/**
 * `honoured`: it listens on its reserved port. `elsewhere`: on other ports only. `silent`: on nothing yet. `held`: somebody
 * else listens on the reserved port, beside it or in its place.
 */
export type PortCheckStatus = 'ok' | 'wrong-port' | 'not-listening' | 'conflict';

/** What a run makes of its reserved port. */
export interface PortCheck {
  readonly port: number;
  readonly status: PortCheckStatus;
  /** Sorted. The reserved port when it is the run's, else what its processes listen on instead. */
  readonly listensOn: readonly number[];
  /** Who else listens on the reserved port, when it is `held`. */
  readonly owner: ListeningProcess | null;
}
