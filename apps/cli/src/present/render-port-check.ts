import { printable } from '@candle/core';
import type { CheckedPort } from '@candle/supervisor';

/** Its reserved port will not answer, or not only for it, until somebody does something about it. */
export function isMisplaced(portCheck: CheckedPort | null): boolean {
  return portCheck?.status === 'wrong-port' || portCheck?.status === 'conflict';
}

/** Behind a reserved port, when there is something to say: ` (listens on 5173 instead)`. */
export function renderPortCheckNote(portCheck: CheckedPort | null): string {
  return portCheck === null || portCheck.isFine ? '' : ` (${remark(portCheck)})`;
}

function remark({ status, port, listensOn, owner }: CheckedPort): string {
  if (status === 'wrong-port') return `listens on ${listensOn.join(', ')} instead`;
  if (status === 'not-listening')
    return listensOn.length === 0 ? 'listens on nothing yet' : 'does not listen there yet';
  const held = listensOn.includes(port) ? 'held by someone else too' : 'held by someone else';
  if (owner?.pid != null) return `${held}: ${printable(owner.command ?? 'a process')}, pid ${owner.pid}`;
  return owner?.user == null ? held : `${held}: a program of user ${printable(owner.user)}`;
}
