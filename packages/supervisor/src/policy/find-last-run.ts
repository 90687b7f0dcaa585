import type { Run, ServiceRecord } from '@candle/core';
import type { Supervision } from '../supervision.ts';

/** The run to which the pending restart of a service refers; undefined if it is no longer known. */
export async function findLastRun(
  { store }: Supervision,
  { projectDir, name, request }: ServiceRecord,
): Promise<Run | undefined> {
  return (await store.runs.listOfService(projectDir, name)).findLast((run) => run.generation === request.generation);
}
