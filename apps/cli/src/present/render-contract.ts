import { printable } from '@candle/core';
import type { ObservedContract } from '@candle/supervisor';

/** Behind a reserved port, when there is something to say: ` (listens on 5173 instead)`. */
export function renderContractRemark(contract: ObservedContract | null): string {
  return contract === null || contract.isFine ? '' : ` (${remark(contract)})`;
}

function remark({ state, port, listensOn, holder }: ObservedContract): string {
  if (state === 'elsewhere') return `listens on ${listensOn.join(', ')} instead`;
  if (state === 'silent') return listensOn.length === 0 ? 'listens on nothing yet' : 'does not listen there yet';
  const held = listensOn.includes(port) ? 'held by someone else too' : 'held by someone else';
  return holder?.pid == null ? held : `${held}: ${printable(holder.command ?? 'a process')}, pid ${holder.pid}`;
}
