import { readKnownServices } from '@candle/core/services';
import { startInOrder } from '../dependencies/start-in-order.ts';
import { stopForRestart } from '../dependencies/stop-for-restart.ts';
import { observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { noPortChanges } from './prepare-ports.ts';
import { prepareStart, type StartedServices, type StartInput } from './start.ts';

/**
 * Stops services, then starts them with the current configuration. Without names, restarts the running services, if there are
 * any. A named service that is not running is started.
 */
export async function restart(
  supervision: Supervision,
  input: Omit<StartInput, 'transient' | 'move'>,
): Promise<StartedServices> {
  const { projectDir, names, onWaiting, onProgress, waitMs, signal } = input;
  const chosen = names.length > 0 ? names : await runningNames(supervision, projectDir);
  if (chosen.length === 0) {
    const { configError } = await readKnownServices(supervision, projectDir);
    if (configError) throw configError;
    return { done: [], failed: [], ports: noPortChanges, newCommands: [], warnings: [] };
  }
  const { plan, resolved, ...prepared } = await prepareStart(supervision, { ...input, names: chosen });
  const generations = await stopForRestart(supervision, plan, onWaiting);
  const options = { generations, repeated: names, onWaiting, onProgress, waitMs, signal };
  // After waiting for services to stop, the others are resolved again: another command may have moved a port meanwhile.
  const isCurrent = generations.size === 0;
  return { ...(await startInOrder(supervision, plan, isCurrent ? { ...options, resolved } : options)), ...prepared };
}

async function runningNames(supervision: Supervision, projectDir: string): Promise<readonly string[]> {
  const observed = await Promise.all(
    (await supervision.store.runs.listActive(projectDir)).map((run) => observeRun(supervision, run)),
  );
  return observed.filter(({ isAlive }) => isAlive).map(({ run }) => run.serviceName);
}
