import { printable } from '@candle/core';
import type { ObservedContract } from '@candle/supervisor';

/** Its reserved port will not answer, or not only for it, until somebody does something about it. */
export function isMisplaced(contract: ObservedContract | null): boolean {
  return contract?.state === 'elsewhere' || contract?.state === 'held';
}

/** Behind a reserved port, when there is something to say: ` (listens on 5173 instead)`. */
export function renderContractRemark(contract: ObservedContract | null): string {
  return contract === null || contract.isFine ? '' : ` (${remark(contract)})`;
}

function remark({ state, port, listensOn, holder }: ObservedContract): string {
  if (state === 'elsewhere') return `listens on ${listensOn.join(', ')} instead`;
  if (state === 'silent') return listensOn.length === 0 ? 'listens on nothing yet' : 'does not listen there yet';
  const held = listensOn.includes(port) ? 'held by someone else too' : 'held by someone else';
  if (holder?.pid != null) return `${held}: ${printable(holder.command ?? 'a process')}, pid ${holder.pid}`;
  return holder?.user == null ? held : `${held}: a program of user ${printable(holder.user)}`;
}
