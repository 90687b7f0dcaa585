import type { ListeningProcess } from '../system/process-table.ts';

/**
 * `ok`: the run listens on its reserved port. `wrong-port`: only on other ports. `not-listening`: not on any port yet.
 * `conflict`: another process listens on the reserved port, alongside the run or instead of it.
 */
export type PortCheckStatus = 'ok' | 'wrong-port' | 'not-listening' | 'conflict';

/** How a run uses its reserved port. */
export interface PortCheck {
  readonly port: number;
  readonly status: PortCheckStatus;
  /** Sorted. The reserved port if the run listens on it, otherwise the ports that its processes listen on instead. */
  readonly listensOn: readonly number[];
  /** The other process on the reserved port if the status is `conflict`. */
  readonly owner: ListeningProcess | null;
}

/** `5173`, `5173 and 9229`. */
export function renderPortNumbers(ports: readonly number[]): string {
  const last = ports.at(-1);
  return ports.length > 1 ? `${ports.slice(0, -1).join(', ')} and ${last}` : String(last);
}
