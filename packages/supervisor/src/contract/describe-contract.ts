import { describeHolding } from '../ports/describe-holding.ts';
import { servesPort } from './judge-contract.ts';
import type { ObservedContract } from './observe-contract.ts';

/** What the run does, as the rest of a sentence about it: `listens on 5173 instead of its reserved port 4000`. */
export function describeContract(contract: ObservedContract): string {
  const { port, state, listensOn, holder } = contract;
  switch (state) {
    case 'honoured':
      return `listens on its reserved port ${port}`;
    case 'elsewhere':
      return `listens on ${renderPorts(listensOn)} instead of its reserved port ${port}`;
    case 'silent':
      return listensOn.length === 0
        ? `listens on nothing yet (its reserved port is ${port})`
        : `does not listen on its reserved port ${port} yet`;
    case 'held': {
      const who = holder === null ? 'another program' : describeHolding(holder);
      if (servesPort(contract)) return `shares its reserved port ${port} with ${who}`;
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
