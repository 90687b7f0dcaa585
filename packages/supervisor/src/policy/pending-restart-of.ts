import { noPendingRestart, type PendingRestart, type Run, runDir } from '@candle/core';
import { findLaunch } from '../launch/launch.ts';
import type { ObservedRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { nextRestart } from './next-restart.ts';

/** What the policy that a run was started with makes of its end; nothing once somebody has asked for something newer. */
export async function pendingRestartOf(
  { store, stateDir, clock }: Supervision,
  run: Run,
  { exitCode, endedAtMs }: Pick<ObservedRun, 'exitCode' | 'endedAtMs'>,
): Promise<PendingRestart> {
  const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
  const launch = findLaunch(runDir(stateDir, run.id));
  // Its start was never certain: whoever asked for it has been told that it failed.
  if (!service || !launch || run.confirmedAtMs === null || service.request.generation !== run.generation)
    return noPendingRestart;
  const nowMs = clock.nowMs();
  const livedMs = (endedAtMs ?? nowMs) - run.startedAtMs;
  const { attempts } = service.pendingRestart;
  return nextRestart(launch.restart, { exitCode, livedMs }, { attempts, nowMs, random: Math.random() });
}
