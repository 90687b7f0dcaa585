import { isCandleError } from '@candle/core/errors';
import { ownerOfPort } from '@candle/core/ports';
import type { Reservation } from '@candle/core/reservations';
import type { Outcomes } from '../dependencies/outcomes.ts';
import type { Supervision } from '../supervision.ts';
import { type KilledService, type KillInput, kill } from './kill.ts';

export interface DownInput extends Pick<KillInput, 'names' | 'onWaiting'> {
  readonly projectDir: string;
}

export interface StoppedServices extends Outcomes<KilledService> {
  /** The reservations that stay, and that `release-ports` with the same names releases: without names, all of the project. */
  readonly reservations: readonly Reservation[];
}

/**
 * Stops services of a project, dependents first, configured or not. Without names, stops all of them. Their ports stay
 * reserved.
 * @throws UnknownServiceError
 */
export async function down(supervision: Supervision, input: DownInput): Promise<StoppedServices> {
  const outcomes = await kill(supervision, input);
  const { projectDir, names } = input;
  const stopped = new Set(outcomes.done.map(({ name }) => name));
  if (stopped.size === 0) return { ...outcomes, reservations: [] };
  const reservations = await listReservations(supervision, projectDir);
  if (names.length === 0) return { ...outcomes, reservations };
  const { config } = await supervision.readConfig(projectDir);
  const isStopped = (name: string) => stopped.has(ownerOfPort(config, name) ?? '');
  const ofServices = reservations.filter(({ serviceName }) => serviceName !== null && isStopped(serviceName));
  return { ...outcomes, reservations: ofServices };
}

/** Empty if the database cannot be read: the services are stopped all the same. */
async function listReservations({ store }: Supervision, projectDir: string): Promise<readonly Reservation[]> {
  try {
    return await store.reservations.list(projectDir);
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return [];
  }
}
