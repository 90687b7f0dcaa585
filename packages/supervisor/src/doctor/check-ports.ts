import { advise, candle, describeProject, lines, quote } from '@candle/core';
import { describeConflict, describePortOwners } from '../ports/describe-port-owner.ts';
import { listReservedPorts, type ReservedPort } from '../ports/list-reserved-ports.ts';
import { type Check, ok, warning } from './check.ts';

/** Further ports are only counted, to keep the report readable. */
const maxListed = 10;

/** Checks that no other program uses the port of a service. */
export const checkPorts: Check = {
  name: 'reserved ports',
  run: async ({ supervision }) => {
    if (supervision === undefined) return ok('None can be read');
    const inUse = (await listReservedPorts(supervision, {})).filter(({ conflicts }) => conflicts.length > 0);
    if (inUse.length === 0) return ok('None is in use by another program');
    const more =
      inUse.length > maxListed ? [warning(`${inUse.length - maxListed} more are in use by other programs`)] : [];
    const inOrder = inUse.toSorted((a, b) => a.port - b.port);
    return [...inOrder.slice(0, maxListed).map(describe), ...more];
  },
};

function describe(reserved: ReservedPort) {
  const { port, serviceName, conflicts } = reserved;
  const service = serviceName === null ? '' : ` for service ${quote(serviceName)}`;
  const owners = describePortOwners({ owners: conflicts, containers: [] });
  return warning(
    `Port ${port}, reserved${service} of ${describeProject(reserved)}, is in use by ${owners}`,
    lines(...describeConflict({ owners: conflicts }), advise('For details', candle('who-has', String(port)))),
  );
}
