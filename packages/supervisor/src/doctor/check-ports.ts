import { quote, type Reservation } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import { describeHolders } from '../stop/describe-processes.ts';
import type { Supervision } from '../supervision.ts';
import { type Check, ok, warning } from './check.ts';

/** Finding out who holds a port walks all open files of the machine. */
const namedHolders = 10;

/**
 * Does somebody else sit on a service's port now? A project's own ports are for its people to use, with or without Candle, so
 * nobody on them is a stranger.
 */
export const checkPorts: Check = {
  name: 'reserved ports',
  run: async ({ supervision }) => {
    if (supervision === undefined) return ok('None that can be read');
    const held = await heldByOthers(supervision);
    if (held.length === 0) return ok('None is in use by another program');
    const more =
      held.length > namedHolders ? [warning(`${held.length - namedHolders} more are in use by other programs`)] : [];
    return [...held.slice(0, namedHolders).map((reservation) => describe(supervision, reservation)), ...more];
  },
};

function describe({ processes }: Supervision, { port, serviceName, projectDir }: Reservation) {
  const holders = describeHolders(processes.listenersOn(port));
  const service = serviceName === null ? '' : ` for service ${quote(serviceName)}`;
  return warning(
    `Port ${port}, reserved${service} of ${projectDir}, is in use by ${holders}`,
    'End that program, or release the port and reserve another',
  );
}

async function heldByOthers(supervision: Supervision): Promise<readonly Reservation[]> {
  const { store, processes } = supervision;
  const listening = processes.listening();
  const held: Reservation[] = [];
  for (const reservation of await store.reservations.list()) {
    const { port, serviceName, projectDir } = reservation;
    if (serviceName === null || listening.on(port).length === 0) continue;
    const run = await store.runs.findActive(projectDir, serviceName);
    const isItsOwn = run?.port === port && (await observeRun(supervision, run)).isAlive;
    if (!isItsOwn) held.push(reservation);
  }
  return held.toSorted((a, b) => a.port - b.port);
}
