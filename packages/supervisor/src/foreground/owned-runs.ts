import type { Run } from '@candle/core/runs';
import { inOrder, readDependents } from '../dependencies/stop-for-restart.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import { endRun } from '../stop/stop-run.ts';
import type { Supervision } from '../supervision.ts';
import type { ProcessIdentity } from '../system/process-table.ts';

/** The active runs that are tied to a process. */
export async function listOwnedRuns({ store }: Supervision, { pid, startToken }: ProcessIdentity) {
  const active = await store.runs.listActive();
  return active.filter(({ owner }) => owner?.pid === pid && owner.startToken === startToken);
}

export interface StopOwnedOptions {
  readonly onWaiting?: OnWaiting | undefined;
  readonly onStopped?: ((run: Run) => void) | undefined;
}

/**
 * Stops exactly these runs, dependents first. A run that has been replaced meanwhile is left alone. A run that cannot be
 * stopped does not prevent the others from being stopped.
 * @throws the first failure
 */
export async function stopOwnedRuns(
  supervision: Supervision,
  runs: readonly Run[],
  { onWaiting, onStopped }: StopOwnedOptions = {},
): Promise<void> {
  const subjects = runs.map((run) => ({ projectDir: run.projectDir, name: run.serviceName, run }));
  const dependents = await readDependents(supervision, subjects);
  const stop = inOrder<(typeof subjects)[number], void>(
    (subject) => dependents.get(subject) ?? [],
    async ({ run }) => {
      if (await stopOwnedRun(supervision, run, onWaiting)) onStopped?.(run);
    },
  );
  const failed = (await Promise.allSettled(subjects.map(stop))).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** Returns whether the run was still the active one. */
async function stopOwnedRun(
  supervision: Supervision,
  { id, projectDir, serviceName: name, generation }: Run,
  onWaiting: OnWaiting | undefined,
): Promise<boolean> {
  const { store, self } = supervision;
  const key = { projectDir, name };
  const isStopped = await withServiceLock(
    supervision,
    key,
    () => false,
    async () => {
      const active = await store.runs.findActive(projectDir, name);
      if (active?.id !== id) return false;
      // So that its policy does not restart it. A start that was requested since then takes precedence.
      await store.services.killUnlessNewer(key, generation, self);
      await endRun(supervision, active, { cause: 'stopped', onWaiting });
      return true;
    },
  );
  return isStopped ?? false;
}
