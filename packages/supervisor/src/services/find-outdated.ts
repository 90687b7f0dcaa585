import { type PortMove, type Reservation, type Run, runDir } from '@candle/core';
import { findLaunch } from '../launch/launch.ts';
import { observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import type { OutdatedService } from './port-changes.ts';

/**
 * The services of the project that run with the old number of a port, but for those that are started anew: that of a port
 * that was moved now, or of their own, which was given back and reserved anew since they were started.
 */
export async function findOutdated(
  supervision: Supervision,
  projectDir: string,
  { moves, startedAnew }: { moves: readonly PortMove[]; startedAnew: ReadonlySet<string> },
): Promise<readonly OutdatedService[]> {
  const runs = (await supervision.store.runs.listActive(projectDir)).filter((run) => !startedAnew.has(run.serviceName));
  if (runs.length === 0) return [];
  const reservations = await supervision.store.reservations.list(projectDir);
  const found = await Promise.all(
    runs.map(async (run): Promise<OutdatedService | undefined> => {
      const own = findOwnMove(run, reservations);
      if (moves.length === 0 && own === undefined) return undefined;
      const launch = findLaunch(runDir(supervision.stateDir, run.id));
      const texts = launch ? [launch.shell, ...Object.values(launch.env)] : [];
      const told = moves.filter(({ from }) => from !== undefined && texts.some((text) => speaksOf(text, from.port)));
      const known = own === undefined ? told : [...told.filter(({ to }) => to.port !== own.to.port), own];
      if (known.length === 0 || !(await observeRun(supervision, run)).isAlive) return undefined;
      return { name: run.serviceName, projectDir, runId: run.id, moves: known };
    }),
  );
  return found.filter((service) => service !== undefined);
}

/** From the number that it was started with to the one that is its own now. */
function findOwnMove({ serviceName, port }: Run, reservations: readonly Reservation[]): PortMove | undefined {
  const to = reservations.find((reservation) => reservation.serviceName === serviceName);
  return port === null || to === undefined || to.port === port ? undefined : { from: { ...to, port }, to };
}

/** The number stands there, and not as a part of a longer one. */
function speaksOf(text: string, port: number): boolean {
  return new RegExp(`(?<!\\d)${port}(?!\\d)`).test(text);
}
