import { existsSync } from 'node:fs';
import { advise, candle, lines, type Reservation } from '@candle/core';
import { type Check, counted, ok, warning } from './check.ts';

/** Maximum number of projects in the hint, to keep it readable. */
const maxListed = 3;

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
      .slice(0, maxListed)
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
