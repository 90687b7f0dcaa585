import { describeProject, quote } from '@candle/core';
import { describeConflict, describePortOwners } from '../ports/describe-port-owner.ts';
import { listReservedPorts, type ReservedPort } from '../ports/list-reserved-ports.ts';
import { type Check, ok, warning } from './check.ts';

/** More are counted only: nobody reads on. */
const namedPorts = 10;

/** Does somebody else sit on a service's port now? */
export const checkPorts: Check = {
  name: 'reserved ports',
  run: async ({ supervision }) => {
    if (supervision === undefined) return ok('None that can be read');
    const held = (await listReservedPorts(supervision, {})).filter(({ conflicts }) => conflicts.length > 0);
    if (held.length === 0) return ok('None is in use by another program');
    const more =
      held.length > namedPorts ? [warning(`${held.length - namedPorts} more are in use by other programs`)] : [];
    const inOrder = held.toSorted((a, b) => a.port - b.port);
    return [...inOrder.slice(0, namedPorts).map(describe), ...more];
  },
};

function describe(reserved: ReservedPort) {
  const { port, serviceName, conflicts } = reserved;
  const service = serviceName === null ? '' : ` for service ${quote(serviceName)}`;
  const owners = describePortOwners({ owners: conflicts, containers: [] });
  return warning(
    `Port ${port}, reserved${service} of ${describeProject(reserved)}, is in use by ${owners}`,
    [...describeConflict({ owners: conflicts }), `What to do: candle who-has ${port}`].join('\n'),
  );
}
