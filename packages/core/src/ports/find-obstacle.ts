import type { Candle } from '../candle.ts';
import type { ClaimStep } from '../store/reservation-store.ts';
import type { PortObstacle } from './port-obstacle.ts';

/** The requester of a specific port, and what does not block it. */
export interface Claimant {
  readonly projectDir: string;
  /** If omitted, the port is a project-level port. */
  readonly serviceName?: string | undefined;
  /** Ports that this project never uses. */
  readonly excluded?: readonly number[] | undefined;
  /** Other services of the project that are about to be restarted. */
  readonly replaced?: readonly string[] | undefined;
  /** Ports whose only listeners are runs that are about to be replaced. */
  readonly soonFree?: readonly number[] | undefined;
}

/** Why a requested port is not available; undefined if it is. Needs the write lock, as every bind test does. */
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
  // A service may keep the port that it listens on: its current run ends before the next one starts.
  const areReplaced = runs.every(
    (run) => run.projectDir === projectDir && (run.serviceName === serviceName || replaced.includes(run.serviceName)),
  );
  if (!areReplaced) return { by: 'listener' };
  if (runs.length > 0 || soonFree.includes(port)) return undefined;
  return (await candle.portProbe.isFree(port)) ? undefined : { by: 'listener' };
}
