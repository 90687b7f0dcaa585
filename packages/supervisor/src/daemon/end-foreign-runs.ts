import { runDir } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import { recordRunEnd, removeFile } from '../observe/record-run-end.ts';
import { findLastRun } from '../policy/pending-restart-of.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/is-of-this-boot.ts';

/**
 * Records the runs of an earlier boot as lost. After a reboot, or in a restarted container, nothing starts
 * automatically: the services of these runs, including those with a pending restart, count as down.
 */
export async function endForeignRuns(supervision: Supervision): Promise<void> {
  const { store, processes } = supervision;
  for (const run of await store.runs.listActive()) {
    if (isOfThisBoot(processes, run.bootId)) continue;
    const observed = await observeRun(supervision, run);
    // Visible through a shared state directory: the run belongs to another container.
    if (observed.isAlive) continue;
    await recordRunEnd(supervision, observed, 'rebooted');
    const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
    if (service) await store.services.applyRestartEvent(service, service.request.generation, { kind: 'cancelled' });
  }
  await cancelForeignRestarts(supervision);
}

/** Cancels the pending restarts of services that had already ended before the reboot. */
async function cancelForeignRestarts(supervision: Supervision): Promise<void> {
  const { store, stateDir, processes } = supervision;
  for (const service of await store.services.listPendingRestarts()) {
    const last = await findLastRun(supervision, service);
    if (last && isOfThisBoot(processes, last.bootId)) continue;
    await store.services.applyRestartEvent(service, service.request.generation, { kind: 'cancelled' });
    if (last) await removeFile(runDir(stateDir, last.id).launch);
  }
}
