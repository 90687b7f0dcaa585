import { isShimAlive, noteInRunRecord, type Run, type RunRecord, runDir } from '@candle/core/runs';
import type { ServiceKey } from '@candle/core/services';
import { findOrphanedRuns } from '../observe/find-orphans.ts';
import { observeRun } from '../observe/observe-run.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import type { Supervision } from '../supervision.ts';
import type { OnWaiting } from './stop-event.ts';
import { stopOrphan } from './stop-run.ts';

/**
 * Makes the database and the processes agree again after the database was replaced, so that each service has one instance,
 * which the database knows: adopts an instance whose service has no other one, and otherwise ends the older one.
 */
export async function reconcileOrphans(supervision: Supervision, onFailed: (error: unknown) => void): Promise<void> {
  for (const orphan of await findOrphanedRuns(supervision)) {
    const { projectDir, serviceName: name } = orphan.run;
    try {
      const active = await adopt(supervision, orphan);
      if (active === undefined || active.id === orphan.run.id) continue;
      const endOlder = () => keepNewer(supervision, orphan);
      await withServiceLock(supervision, { projectDir, name }, () => false, endOlder);
    } catch (error) {
      onFailed(error);
    }
  }
}

/** The same for one service. The caller must hold its lock. */
export async function reconcileService(
  supervision: Supervision,
  { projectDir, name }: ServiceKey,
  onWaiting: OnWaiting | undefined,
): Promise<void> {
  for (const orphan of await findOrphanedRuns(supervision)) {
    if (orphan.run.projectDir !== projectDir || orphan.run.serviceName !== name) continue;
    await keepNewer(supervision, orphan, onWaiting);
  }
}

async function keepNewer(supervision: Supervision, orphan: RunRecord, onWaiting?: OnWaiting): Promise<void> {
  const active = await adopt(supervision, orphan);
  if (active === undefined || active.id === orphan.run.id) return;
  const { isAlive } = await observeRun(supervision, active, { holdsServiceLock: true });
  const older = isAlive && isOlder(orphan.run, active) ? orphan.run : active;
  await stopOrphan(supervision, older, { cause: 'replaced', onWaiting });
  if (older === active) await adopt(supervision, orphan);
}

/** Not by generation: in an older copy of the database, generations begin again at a lower number. */
function isOlder(one: Run, other: Run): boolean {
  return one.startedAtMs < other.startedAtMs;
}

/** Returns the active run of the service; undefined if there is none, because the orphan has ended meanwhile. */
async function adopt({ store, stateDir }: Supervision, orphan: RunRecord): Promise<Run | undefined> {
  const dir = runDir(stateDir, orphan.run.id);
  const active = await store.runs.adopt(orphan, () => isShimAlive(dir));
  if (active?.id === orphan.run.id) await noteInRunRecord(dir, active);
  return active;
}
