import type { ProcessTable } from './process-table.ts';

/**
 * Does this boot id, of a run, mean the present boot? The first versions of Candle wrote down the boot of the machine without
 * the start of process 1; their runs may still be there after an upgrade.
 */
export function isOfThisBoot(processes: Pick<ProcessTable, 'bootId'>, bootId: string): boolean {
  const present = processes.bootId();
  return bootId === present || present.startsWith(`${bootId}.`);
}
