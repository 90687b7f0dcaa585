import { type Comeback, noComeback, type Run, runDir } from '@candle/core';
import { findLaunch } from '../launch/launch.ts';
import type { ObservedRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { nextComeback } from './next-comeback.ts';

/** What the policy that a run was started with makes of its end; nothing once somebody has asked for something newer. */
export async function comebackOf(
  { store, stateDir, clock }: Supervision,
  run: Run,
  { exitCode, endedAtMs }: Pick<ObservedRun, 'exitCode' | 'endedAtMs'>,
): Promise<Comeback> {
  const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
  const launch = findLaunch(runDir(stateDir, run.id));
  // Its start was never certain: whoever asked for it has been told that it failed.
  if (!service || !launch || run.confirmedAtMs === null || service.ticket.number !== run.ticket) return noComeback;
  const nowMs = clock.nowMs();
  const livedMs = (endedAtMs ?? nowMs) - run.startedAtMs;
  const { attempts } = service.comeback;
  return nextComeback(launch.restart, { exitCode, livedMs }, { attempts, nowMs, random: Math.random() });
}
