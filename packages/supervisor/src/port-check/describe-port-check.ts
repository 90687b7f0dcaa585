import { describePortOwner } from '../ports/describe-port-owner.ts';
import type { CheckedPort } from './check-port.ts';
import { servesPort } from './decide-port-check.ts';

/** What the run does, as the rest of a sentence about it: `listens on 5173 instead of its reserved port 4000`. */
export function describePortCheck(portCheck: CheckedPort): string {
  const { port, status, listensOn, owner } = portCheck;
  switch (status) {
    case 'ok':
      return `listens on its reserved port ${port}`;
    case 'wrong-port':
      return `listens on ${renderPorts(listensOn)} instead of its reserved port ${port}`;
    case 'not-listening':
      return listensOn.length === 0
        ? `listens on nothing yet (its reserved port is ${port})`
        : `does not listen on its reserved port ${port} yet`;
    case 'conflict': {
      const who = owner === null ? 'another program' : describePortOwner(owner);
      if (servesPort(portCheck)) return `shares its reserved port ${port} with ${who}`;
      if (listensOn.length === 0) return `listens on nothing, and its reserved port ${port} is held by ${who}`;
      return `listens on ${renderPorts(listensOn)}, as its reserved port ${port} is held by ${who}`;
    }
  }
}

/** `5173`, `5173 and 9229`. */
export function renderPorts(ports: readonly number[]): string {
  const last = ports.at(-1);
  return ports.length > 1 ? `${ports.slice(0, -1).join(', ')} and ${last}` : String(last);
}
