import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultLogLimits, isRestartPending, listRunIds, type Run, type RunDir, runDir } from '@candle/core';
import { isStopCommandRunning } from '../stop/run-stop-command.ts';
import type { Supervision } from '../supervision.ts';
import { type MonitorEffects, openIngest } from './monitor-run.ts';

/**
 * Copies the output that ended runs left in their spools, and removes files that an interrupted command did not remove.
 * `isMonitored`: the run is still being monitored and must not be touched.
 */
export async function tidyEndedRuns(
  supervision: Supervision,
  { isMonitored, ...effects }: MonitorEffects & { readonly isMonitored: (runId: string) => boolean },
): Promise<void> {
  const { stateDir, store } = supervision;
  for (const id of listRunIds(stateDir)) {
    const dir = runDir(stateDir, id);
    if (listLeftovers(supervision, dir).length === 0 || isMonitored(id)) continue;
    const run = await store.runs.find(id);
    if (run?.endedAtMs == null || isMonitored(id)) continue;
    try {
      // Listed again, because the process that recorded the end may have cleaned up in the meantime.
      for (const path of listLeftovers(supervision, dir)) await tidyUp(supervision, run, path, effects);
    } catch (error) {
      // If the run was removed in the meantime, there is nothing to report. A failure must not stop the cleanup of others.
      if (listLeftovers(supervision, dir).length > 0) effects.onFailed(error);
    }
  }
}

async function tidyUp(supervision: Supervision, run: Run, path: string, effects: MonitorEffects): Promise<void> {
  const dir = runDir(supervision.stateDir, run.id);
  if (path === dir.launch && (await isLaunchNeeded(supervision, run))) return;
  if (path === dir.spool) {
    const service = await supervision.store.services.find({ projectDir: run.projectDir, name: run.serviceName });
    const limits = service?.logLimits ?? defaultLogLimits;
    const quiet = { ...effects, onFailed: () => undefined };
    const { isWhole } = await openIngest(supervision, run, quiet, limits).finish();
    if (!isWhole || isStopCommandRunning(supervision, dir)) return;
    rmSync(path, { force: true });
    return;
  }
  await rm(path, { force: true });
}

/** Whether the restart policy will restart the service with the launch of this run. */
async function isLaunchNeeded({ store }: Supervision, { id, projectDir, serviceName }: Run): Promise<boolean> {
  const service = await store.services.find({ projectDir, name: serviceName });
  if (!isRestartPending(service?.pendingRestart)) return false;
  return (await store.runs.listOfService(projectDir, serviceName)).at(-1)?.id === id;
}

/** Paths of files that an ended run no longer needs; empty if its directory no longer exists. */
function listLeftovers({ processes }: Supervision, dir: RunDir): readonly string[] {
  const temporary = [dir.spool, dir.launch, dir.command, dir.members];
  let names: readonly string[];
  try {
    names = readdirSync(dir.path);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const path = join(dir.path, name);
    // The name of a draft ends with the pid of its writer.
    const writer = /\.(\d+)$/.exec(name)?.[1];
    const isDraft = writer !== undefined && processes.identify(Number(writer)) === undefined;
    return isDraft || temporary.includes(path) ? [path] : [];
  });
}
