import { advise, CandleError, candle, quote } from '@candle/core/errors';
import type { ServiceKey } from '@candle/core/services';
import { exampleService } from '../examples.ts';
import { describeErasable, type ErasableState } from './erasable-state.ts';

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

  constructor(state: Pick<ErasableState, 'stateDir' | 'reservationCount' | 'projectCount'>) {
    super({
      message: `Nothing was erased: this would delete ${describeErasable(state)}, and Candle cannot ask for confirmation without a terminal`,
      hint: advise('To erase it without confirmation', candle('erase-database', '--force')),
      details: { ...state },
    });
  }
}
