import type { Supervision } from '../supervision.ts';

/** Does anything run, or is about to be started again? Nothing else needs a supervisor. */
export async function isSupervisorNeeded({ store }: Pick<Supervision, 'store'>): Promise<boolean> {
  return (await store.runs.listActive()).length > 0 || (await store.services.listPendingRestarts()).length > 0;
}
