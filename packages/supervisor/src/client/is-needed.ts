import type { Supervision } from '../supervision.ts';

/** Whether any run is active or any restart is pending. Otherwise no supervisor is needed. */
export async function isSupervisorNeeded({ store }: Pick<Supervision, 'store'>): Promise<boolean> {
  return (await store.runs.listActive()).length > 0 || (await store.services.listPendingRestarts()).length > 0;
}
