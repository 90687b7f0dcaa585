import { noPendingRestart, runDir } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import { recordRunEnd, removeFile } from '../observe/record-run-end.ts';
import { findLastRun } from '../policy/find-last-run.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/is-of-this-boot.ts';

/**
 * After a reboot, or in a container that was started again, nothing starts by itself: the runs of before are lost, and
 * their services, also those that were about to be started again, wanted no more.
 */
export async function endForeignRuns(supervision: Supervision): Promise<void> {
  const { store, processes } = supervision;
  for (const run of await store.runs.listActive()) {
    if (isOfThisBoot(processes, run.bootId)) continue;
    const observed = await observeRun(supervision, run);
    // Seen through a shared state directory: it runs in another container, and is none of ours.
    if (observed.isAlive) continue;
    await recordRunEnd(supervision, { ...observed, status: 'lost' }, 'lost');
    const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
    if (service) await store.services.setPendingRestart(service, service.request.generation, noPendingRestart, 'down');
  }
  await callOffForeignRestarts(supervision);
}

/** Of services that had ended before, and that their policy was about to start again. */
async function callOffForeignRestarts(supervision: Supervision): Promise<void> {
  const { store, stateDir, processes } = supervision;
  for (const service of await store.services.listPendingRestarts()) {
    const last = await findLastRun(supervision, service);
    if (last && isOfThisBoot(processes, last.bootId)) continue;
    await store.services.setPendingRestart(service, service.request.generation, noPendingRestart, 'down');
    if (last) await removeFile(runDir(stateDir, last.id).launch);
  }
}
