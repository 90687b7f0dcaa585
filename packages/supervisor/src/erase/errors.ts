import { CandleError, quote, type ServiceKey } from '@candle/core';
import type { ErasableState } from './erase-database.ts';

/** Named one by one up to this many. */
const namedServices = 5;

/** What runs would go on without anybody knowing of it. */
export class EraseWhileRunningError extends CandleError {
  constructor(services: readonly ServiceKey[]) {
    const named = services.slice(0, namedServices).map(({ name, projectDir }) => `${quote(name)} of ${projectDir}`);
    const more = services.length - named.length;
    super({
      code: 'ERASE_WHILE_RUNNING',
      message: `Nothing was erased, because ${services.length === 1 ? 'a service runs' : `${services.length} services run`}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      hint: 'candle kill --all',
      details: { services: services.map(({ name, projectDir }) => ({ name, projectDir })) },
    });
  }
}

/** Nobody can be asked whether it is meant. */
export class EraseNotConfirmedError extends CandleError {
  constructor(state: Pick<ErasableState, 'stateDir' | 'reservationCount' | 'projectCount'>) {
    super({
      code: 'ERASE_NOT_CONFIRMED',
      message: `Nothing was erased: ${describeErasable(state)} would go, and there is no terminal to ask at`,
      hint: 'candle erase-database --force',
      details: { ...state },
    });
  }
}

/** What would be deleted, as the middle of a sentence. */
export function describeErasable({
  stateDir,
  reservationCount,
  projectCount,
}: Pick<ErasableState, 'stateDir' | 'reservationCount' | 'projectCount'>): string {
  const reservations =
    reservationCount === null
      ? 'all reservations (how many cannot be read)'
      : `${counted(reservationCount, 'reservation')} of ${counted(projectCount ?? 0, 'project')}`;
  return `${reservations} and all stored output in ${stateDir}`;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
