import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultLogLimits, listRunIds, type Run, type RunDir, runDir } from '@candle/core';
import { isStopCommandRunning } from '../stop/run-stop-command.ts';
import type { Supervision } from '../supervision.ts';
import { type KeepEffects, openIngest } from './monitor-run.ts';

/**
 * Copies what ended runs have left in their spools, and removes what a command that was killed in the middle did not come
 * to remove. `isKept`: somebody is still at it.
 */
export async function tidyEndedRuns(
  supervision: Supervision,
  { isKept, ...effects }: KeepEffects & { readonly isKept: (runId: string) => boolean },
): Promise<void> {
  const { stateDir, store } = supervision;
  for (const id of listRunIds(stateDir)) {
    const dir = runDir(stateDir, id);
    if (listLeftovers(supervision, dir).length === 0 || isKept(id)) continue;
    const run = await store.runs.find(id);
    if (run?.endedAtMs == null || isKept(id)) continue;
    try {
      // Looked at again: whoever has just ended it may have tidied up meanwhile.
      for (const path of listLeftovers(supervision, dir)) await tidyUp(supervision, run, path, effects);
    } catch (error) {
      // One that was forgotten under this has nothing left to tidy up, and trouble with one run is none of the others'.
      if (listLeftovers(supervision, dir).length > 0) effects.onFailed(error);
    }
  }
}

async function tidyUp(supervision: Supervision, run: Run, path: string, effects: KeepEffects): Promise<void> {
  const dir = runDir(supervision.stateDir, run.id);
  if (path === dir.launch && (await isRestartPending(supervision, run))) return;
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

/** Its policy will start it again from what it was started with. */
async function isRestartPending({ store }: Supervision, { id, projectDir, serviceName }: Run): Promise<boolean> {
  const service = await store.services.find({ projectDir, name: serviceName });
  if (service?.pendingRestart.nextRestartAtMs == null) return false;
  return (await store.runs.listOfService(projectDir, serviceName)).at(-1)?.id === id;
}

/** Paths of what an ended run has no use for; empty when its directory is gone. */
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
    // A draft bears the pid of who writes it.
    const writer = /\.(\d+)$/.exec(name)?.[1];
    const isDraft = writer !== undefined && processes.identify(Number(writer)) === undefined;
    return isDraft || temporary.includes(path) ? [path] : [];
  });
}
