import { existsSync } from 'node:fs';
import { advise, candle, lines, quote } from '@candle/core/errors';
import { describeProject } from '@candle/core/projects';
import type { Reservation } from '@candle/core/reservations';
import { describeConflict, describePortOwners } from '../ports/describe-port-owner.ts';
import { listReservedPorts, type ReservedPort } from '../ports/list-reserved-ports.ts';
import { type Check, counted, ok, warning } from './check.ts';

/** Further ports are only counted, to keep the report readable. */
const maxListedPorts = 10;

/** Checks that no other program uses the port of a service. */
export const checkPorts: Check = {
  name: 'reserved ports',
  run: async ({ supervision }) => {
    if (supervision === undefined) return ok('None can be read');
    const inUse = (await listReservedPorts(supervision, {})).filter(({ conflicts }) => conflicts.length > 0);
    if (inUse.length === 0) return ok('None is in use by another program');
    const more =
      inUse.length > maxListedPorts
        ? [warning(`${inUse.length - maxListedPorts} more are in use by other programs`)]
        : [];
    const inOrder = inUse.toSorted((a, b) => a.port - b.port);
    return [...inOrder.slice(0, maxListedPorts).map(describe), ...more];
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

/** Maximum number of projects in the hint, to keep it readable. */
const maxListedProjects = 3;

/** Finds reservations of deleted projects. Their ports stay reserved until someone releases them. */
export const checkReservations: Check = {
  name: 'reservations',
  run: async ({ supervision }) => {
    if (supervision === undefined) return ok('None can be read');
    const reservations = await supervision.store.reservations.list();
    const gone = reservations.filter(isOfGoneProject(new Map()));
    if (gone.length === 0) return ok(`${counted(reservations.length, 'port is', 'ports are')} reserved`);
    const projects = [...new Set(gone.map(({ projectDir }) => projectDir))];
    const commands = projects
      .slice(0, maxListedProjects)
      .map((dir) => advise('To release its ports', candle('release-ports', '--project', dir)));
    const sentence = `${counted(gone.length, 'reserved port belongs', 'reserved ports belong')} to ${counted(projects.length, 'project that no longer exists', 'projects that no longer exist')}`;
    return [
      warning(
        sentence,
        lines(advise('To list the reserved ports', candle('list-reserved-ports', '--all')), ...commands),
      ),
    ];
  },
};

function isOfGoneProject(known: Map<string, boolean>) {
  return ({ projectDir }: Reservation): boolean => {
    const isGone = known.get(projectDir) ?? !existsSync(projectDir);
    known.set(projectDir, isGone);
    return isGone;
  };
}
