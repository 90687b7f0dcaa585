import { CandleError, quote, type ServiceKey } from '@candle/core';
import { describeErasable, type ErasableState } from './erasable-state.ts';

/** Maximum number of services in the message. */
const maxListed = 5;

/** Running services would continue without Candle knowing about them. */
export class EraseWhileRunningError extends CandleError {
  constructor(services: readonly ServiceKey[]) {
    const listed = services.slice(0, maxListed).map(({ name, projectDir }) => `${quote(name)} of ${projectDir}`);
    const more = services.length - listed.length;
    super({
      code: 'ERASE_WHILE_RUNNING',
      message: `Nothing was erased, because ${services.length === 1 ? 'a service is running' : `${services.length} services are running`}: ${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      hint: 'To stop all services: candle kill-all',
      details: { services: services.map(({ name, projectDir }) => ({ name, projectDir })) },
    });
  }
}

/** There is no terminal for a confirmation prompt. */
export class EraseNotConfirmedError extends CandleError {
  constructor(state: Pick<ErasableState, 'stateDir' | 'reservationCount' | 'projectCount'>) {
    super({
      code: 'ERASE_NOT_CONFIRMED',
      message: `Nothing was erased: this would delete ${describeErasable(state)}, and Candle cannot ask for confirmation without a terminal`,
      hint: 'To erase it without confirmation: candle erase-database --force',
      details: { ...state },
    });
  }
}
