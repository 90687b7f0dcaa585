import { advise, CandleError, candle, quote } from '@candle/core/errors';
import type { ServiceKey } from '@candle/core/services';
import { exampleService } from '../examples.ts';

/** What erasing would delete. */
export interface ErasableState {
  readonly stateDir: string;
  /** Null if the database cannot be read. */
  readonly reservationCount: number | null;
  /** Projects with a reservation or a service; null if the database cannot be read. */
  readonly projectCount: number | null;
}

/** What would be deleted, for use inside a sentence. */
export function describeErasable({ stateDir, reservationCount, projectCount }: ErasableState): string {
  const reservations =
    reservationCount === null
      ? 'all reservations (their number cannot be read)'
      : `${withNoun(reservationCount, 'reservation')} of ${withNoun(projectCount ?? 0, 'project')}`;
  return `${reservations} and all stored output in ${stateDir}`;
}

function withNoun(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Maximum number of services in the message. */
const maxListed = 5;

/** Running services would continue without Candle knowing about them. */
export class EraseWhileRunningError extends CandleError {
  static readonly code = 'ERASE_WHILE_RUNNING';
  static example() {
    return new EraseWhileRunningError([exampleService]);
  }

  constructor(services: readonly ServiceKey[]) {
    const listed = services.slice(0, maxListed).map(({ name, projectDir }) => `${quote(name)} of ${projectDir}`);
    const more = services.length - listed.length;
    super({
      message: `Nothing was erased, because ${services.length === 1 ? 'a service is running' : `${services.length} services are running`}: ${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      hint: advise('To stop all services', candle('kill-all')),
      details: { services: services.map(({ name, projectDir }) => ({ name, projectDir })) },
    });
  }
}

/** There is no terminal for a confirmation prompt. */
export class EraseNotConfirmedError extends CandleError {
  static readonly code = 'ERASE_NOT_CONFIRMED';
  static example() {
    return new EraseNotConfirmedError({
      stateDir: '/home/ada/.local/state/candle',
      reservationCount: 12,
      projectCount: 3,
    });
  }

  constructor(state: ErasableState) {
    super({
      message: `Nothing was erased: this would delete ${describeErasable(state)}, and Candle cannot ask for confirmation without a terminal`,
      hint: advise('To erase it without confirmation', candle('erase-database', '--force')),
      details: { ...state },
    });
  }
}
