import type { Candle } from '../candle.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { ClaimStep } from '../store/reservation-store.ts';

/** What stands between a claim and a number. */
export type PortObstacle =
  | { readonly by: 'reserved'; readonly reservation: Reservation }
  /** `who`: its name for a sentence, from whoever can see processes. */
  | { readonly by: 'listener'; readonly who?: string }
  /** By `excludePorts` of the project. */
  | { readonly by: 'excluded' };

/** Who asks for a number by name, and what is no obstacle to that. */
export interface Claimant {
  readonly projectDir: string;
  /** Without it, the port is the project's own. */
  readonly serviceName?: string | undefined;
  /** Numbers that this project does not want. */
  readonly excluded?: readonly number[] | undefined;
  /** Further services of the project that are about to be started anew, besides the one that asks. */
  readonly replaced?: readonly string[] | undefined;
  /** Ports on which nobody listens but runs that are about to be replaced. */
  readonly soonFree?: readonly number[] | undefined;
}

/** Why a number that was asked for is not to be had; undefined when it is. Needs the write lock, as every bind test does. */
export async function findObstacle(
  candle: Candle,
  step: ClaimStep,
  port: number,
  claimant: Claimant,
): Promise<PortObstacle | undefined> {
  const { projectDir, serviceName, excluded = [], replaced = [], soonFree = [] } = claimant;
  if (excluded.includes(port)) return { by: 'excluded' };
  const reservation = step.findByPort(port);
  if (reservation !== undefined) return { by: 'reserved', reservation };
  const runs = step.listActiveRunsOn(port);
  // What a service has listened on until now, it may have back: its run ends before the next one begins.
  const areReplaced = runs.every(
    (run) => run.projectDir === projectDir && (run.serviceName === serviceName || replaced.includes(run.serviceName)),
  );
  if (!areReplaced) return { by: 'listener' };
  if (runs.length > 0 || soonFree.includes(port)) return undefined;
  return (await candle.portProbe.isFree(port)) ? undefined : { by: 'listener' };
}
