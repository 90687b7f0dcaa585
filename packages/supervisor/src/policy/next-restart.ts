import { type Run, runDir } from '@candle/core/runs';
import {
  applyRestartEvent,
  type Moment,
  noPendingRestart,
  type PendingRestart,
  type ServiceRecord,
} from '@candle/core/services';
import { findLaunch } from '../launch/launch.ts';
import { ageOf, type ObservedRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';

/** What the restart policy of a run decides about its end; no restart if there has been a newer request. */
export async function pendingRestartOf(
  supervision: Supervision,
  run: Run,
  { exitCode }: Pick<ObservedRun, 'exitCode'>,
): Promise<PendingRestart> {
  const { store, stateDir } = supervision;
  const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
  const launch = findLaunch(runDir(stateDir, run.id));
  // The command that started the run reports a start that has failed. Code 0 is not a failure.
  const hasStarted = run.confirmedAtMs !== null || exitCode === 0;
  if (!service || !launch || !hasStarted || service.request.generation !== run.generation) return noPendingRestart;
  const decision = { policy: launch.restart, random: Math.random(), ...momentOf(supervision) };
  const livedMs = ageOf(supervision, run);
  return applyRestartEvent(service.pendingRestart, { kind: 'runEnded', exitCode, livedMs, ...decision });
}

export function momentOf({ clock, processes }: Pick<Supervision, 'clock' | 'processes'>): Moment {
  return { nowMs: clock.nowMs(), monotonicMs: clock.monotonicMs(), bootId: processes.bootId() };
}

/** The run to which the pending restart of a service refers; undefined if it is no longer known. */
export async function findLastRun(
  { store }: Supervision,
  { projectDir, name, request }: ServiceRecord,
): Promise<Run | undefined> {
  return (await store.runs.listOfService(projectDir, name)).findLast((run) => run.generation === request.generation);
}
