import { type Run, runDir } from '@candle/core/runs';
import { applyRestartEvent, noPendingRestart, type PendingRestart, type ServiceRecord } from '@candle/core/services';
import { findLaunch } from '../launch/launch.ts';
import type { ObservedRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';

/** What the restart policy of a run decides about its end; no restart if there has been a newer request. */
export async function pendingRestartOf(
  { store, stateDir, clock }: Supervision,
  run: Run,
  { exitCode, endedAtMs }: Pick<ObservedRun, 'exitCode' | 'endedAtMs'>,
): Promise<PendingRestart> {
  const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
  const launch = findLaunch(runDir(stateDir, run.id));
  // The start was never confirmed, so the command that started the run has already reported a failure.
  if (!service || !launch || run.confirmedAtMs === null || service.request.generation !== run.generation)
    return noPendingRestart;
  const nowMs = clock.nowMs();
  const livedMs = (endedAtMs ?? nowMs) - run.startedAtMs;
  const decision = { policy: launch.restart, nowMs, random: Math.random() };
  return applyRestartEvent(service.pendingRestart, { kind: 'runEnded', exitCode, livedMs, ...decision });
}

/** The run to which the pending restart of a service refers; undefined if it is no longer known. */
export async function findLastRun(
  { store }: Supervision,
  { projectDir, name, request }: ServiceRecord,
): Promise<Run | undefined> {
  return (await store.runs.listOfService(projectDir, name)).findLast((run) => run.generation === request.generation);
}
