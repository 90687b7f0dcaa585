import { describePortOwner } from '../ports/describe-port-owner.ts';
import type { CheckedPort } from './check-port.ts';
import { servesPort } from './decide-port-check.ts';
import { renderPortNumbers } from './port-check.ts';

/** The port check as the predicate of a sentence about the run: `listens on 5173 instead of its reserved port 4000`. */
export function describePortCheck(portCheck: CheckedPort): string {
  const { port, status, listensOn, owner } = portCheck;
  switch (status) {
    case 'ok':
      return `listens on its reserved port ${port}`;
    case 'wrong-port':
      return `listens on ${renderPortNumbers(listensOn)} instead of its reserved port ${port}`;
    case 'not-listening':
      return listensOn.length === 0
        ? `does not listen on any port yet (its reserved port is ${port})`
        : `does not listen on its reserved port ${port} yet`;
    case 'conflict': {
      const who = owner === null ? 'another program' : describePortOwner(owner);
      if (servesPort(portCheck)) return `shares its reserved port ${port} with ${who}`;
      if (listensOn.length === 0)
        return `does not listen on any port, and its reserved port ${port} is in use by ${who}`;
      return `listens on ${renderPortNumbers(listensOn)} because its reserved port ${port} is in use by ${who}`;
    }
  }
}
