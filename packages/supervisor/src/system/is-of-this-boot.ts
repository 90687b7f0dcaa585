import type { ProcessTable } from './process-table.ts';

/**
 * Whether the boot id of a run identifies the current boot. The first versions of Candle recorded the boot id of the
 * machine without the start time of process 1, and their runs may still exist after an upgrade.
 */
export function isOfThisBoot(processes: Pick<ProcessTable, 'bootId'>, bootId: string): boolean {
  const present = processes.bootId();
  return bootId === present || present.startsWith(`${bootId}.`);
}
