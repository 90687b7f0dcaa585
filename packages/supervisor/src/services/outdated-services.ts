import type { PortMove, Reservation } from '@candle/core/reservations';
import { type Run, runDir } from '@candle/core/runs';
import { findLaunch } from '../launch/launch.ts';
import { observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';

/** A running service whose environment contains a port or a URL that has since changed. */
export interface OutdatedService {
  readonly name: string;
  readonly projectDir: string;
  readonly runId: string;
  /** Of which its environment contains the old port. */
  readonly moves: readonly PortMove[];
  /** Its variables with an old value that none of these moves explains. */
  readonly variables: readonly string[];
}

/**
 * Finds the running services of the project that still use an old port number, except those that are being restarted. Either
 * a port in their environment has just been moved, or their own port was released and reserved again after they started.
 */
export async function findOutdated(
  supervision: Supervision,
  projectDir: string,
  {
    moves,
    restarted,
    reservations,
  }: {
    readonly moves: readonly PortMove[];
    readonly restarted: ReadonlySet<string>;
    readonly reservations: readonly Reservation[];
  },
): Promise<readonly OutdatedService[]> {
  const runs = (await supervision.store.runs.listActive(projectDir)).filter((run) => !restarted.has(run.serviceName));
  const found = await Promise.all(
    runs.map(async (run): Promise<OutdatedService | undefined> => {
      const own = findOwnMove(run, reservations);
      if (moves.length === 0 && own === undefined) return undefined;
      const launch = findLaunch(runDir(supervision.stateDir, run.id));
      const texts = launch ? [launch.shell, ...Object.values(launch.env)] : [];
      const used = moves.filter(
        ({ from }) => from !== undefined && texts.some((text) => containsPort(text, from.port)),
      );
      const outdated = own === undefined ? used : [...used.filter(({ to }) => to.port !== own.to.port), own];
      if (outdated.length === 0 || !(await observeRun(supervision, run)).isAlive) return undefined;
      return { name: run.serviceName, projectDir, runId: run.id, moves: outdated, variables: [] };
    }),
  );
  return found.filter((service) => service !== undefined);
}

/** The move from the port that the run was started with to the port that its service has now. */
function findOwnMove({ serviceName, port }: Run, reservations: readonly Reservation[]): PortMove | undefined {
  const to = reservations.find((reservation) => reservation.serviceName === serviceName);
  return port === null || to === undefined || to.port === port ? undefined : { from: { ...to, port }, to };
}

/** Does not match a part of a longer number. */
function containsPort(text: string, port: number): boolean {
  return new RegExp(`(?<!\\d)${port}(?!\\d)`).test(text);
}
