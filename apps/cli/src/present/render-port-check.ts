import { printable } from '@candle/core';
import type { CheckedPort } from '@candle/supervisor';

/** Whether the service listens on the wrong port or shares its port, which does not resolve itself. */
export function isMisplaced(portCheck: CheckedPort | null): boolean {
  return portCheck?.status === 'wrong-port' || portCheck?.status === 'conflict';
}

/** A note to append to a reserved port, empty if all is well: ` (listens on 5173 instead)`. */
export function renderPortCheckNote(portCheck: CheckedPort | null): string {
  return portCheck === null || portCheck.isFine ? '' : ` (${describeProblem(portCheck)})`;
}

function describeProblem({ status, port, listensOn, owner }: CheckedPort): string {
  if (status === 'wrong-port') return `listens on ${listensOn.join(', ')} instead`;
  if (status === 'not-listening')
    return listensOn.length === 0 ? 'listens on no port yet' : 'does not listen on it yet';
  const inUse = listensOn.includes(port) ? 'also used by another process' : 'used by another process';
  if (owner?.pid != null) return `${inUse}: ${printable(owner.command ?? 'a process')}, pid ${owner.pid}`;
  return owner?.user == null ? inUse : `${inUse}: a program of user ${printable(owner.user)}`;
}
