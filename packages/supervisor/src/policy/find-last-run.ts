import type { Run, ServiceRecord } from '@candle/core';
import type { Supervision } from '../supervision.ts';

/** The run whose end a service's policy has judged; undefined when it is not known any more. */
export async function findLastRun(
  { store }: Supervision,
  { projectDir, name, request }: ServiceRecord,
): Promise<Run | undefined> {
  return (await store.runs.listOfService(projectDir, name)).findLast((run) => run.generation === request.generation);
}
