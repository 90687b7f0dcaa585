import {
  isCandleError,
  noPendingRestart,
  type PendingRestart,
  type Run,
  runDir,
  type ServiceRecord,
  serviceStarted,
} from '@candle/core';
import { forgetOldRuns } from '../launch/forget-old-runs.ts';
import { findLaunch, type Launch } from '../launch/launch.ts';
import { newRunId, spawnRun } from '../launch/launch-run.ts';
import { findContextProblem, readContext } from '../launch/process-context.ts';
import { removeFile } from '../observe/record-run-end.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/is-of-this-boot.ts';
import { findLastRun } from './find-last-run.ts';
import { nextRestart } from './next-restart.ts';

/**
 * Starts a service again because its policy says so: from the launch of its last run, so as it was started and not as the
 * configuration is now. A newer request of a person makes it void. Nothing is brought back over a boot.
 */
export async function restartByPolicy(supervision: Supervision, service: ServiceRecord): Promise<void> {
  const { store } = supervision;
  const isSuperseded = ({ request, pendingRestart }: ServiceRecord) =>
    request.generation !== service.request.generation || pendingRestart.nextRestartAtMs === null;
  await withServiceLock(supervision, service, isSuperseded, async () => {
    const last = await findLastRun(supervision, service);
    const dir = last && runDir(supervision.stateDir, last.id);
    const reconcile = async (pendingRestart: Partial<PendingRestart>, desired?: 'down') => {
      await store.services.setPendingRestart(
        service,
        service.request.generation,
        { ...noPendingRestart, ...pendingRestart },
        desired,
      );
      if (dir && pendingRestart.nextRestartAtMs == null) await removeFile(dir.launch);
    };
    const { attempts } = service.pendingRestart;
    // It was started, and whoever did it was killed before this was noted.
    if (last?.endedAtMs === null)
      return store.services.setPendingRestart(service, service.request.generation, { ...noPendingRestart, attempts });
    const launch = dir && findLaunch(dir);
    if (!last || !launch || !isOfThisBoot(supervision.processes, last.bootId)) return reconcile({}, 'down');
    const refusal = launch.context && findContextProblem(readContext(), launch.context);
    if (refusal) return reconcile({ attempts, refusal });
    const isStarted = await startAgain(supervision, service, last, launch);
    await reconcile(isStarted ? { attempts } : nextAttempt(supervision, launch, attempts));
  });
}

/** False when it could not be started now: somebody else has its port, or the system would not make the process. */
async function startAgain(
  supervision: Supervision,
  { pendingRestart, transient, projectDir, name }: ServiceRecord,
  last: Run,
  launch: Launch,
): Promise<boolean> {
  const { store, processes, clock } = supervision;
  if (last.port !== null) {
    // It was given back while the service ran, and then to somebody else.
    const owner = await store.reservations.findByPort(last.port);
    if (owner && (owner.projectDir !== projectDir || owner.serviceName !== name)) return false;
    if (processes.listening().on(last.port).length > 0) return false;
  }
  const startedAtMs = clock.nowMs();
  const id = newRunId(startedAtMs);
  const run: Run = {
    ...last,
    id,
    status: 'starting',
    shim: null,
    startedAtMs,
    endedAtMs: null,
    exitCode: null,
    exitSignal: null,
    endReason: null,
    attempt: pendingRestart.attempts,
    // Nobody waits for it but the policy, which judges it by how long it lives.
    confirmedAtMs: startedAtMs,
    logStart: null,
  };
  try {
    const running = await spawnRun(
      supervision,
      run,
      { ...launch, env: { ...launch.env, CANDLE_RUN_ID: id } },
      transient,
    );
    supervision.announce(serviceStarted(running, startedAtMs));
    await forgetOldRuns(supervision, { projectDir: run.projectDir, name: run.serviceName });
    return true;
  } catch (error) {
    if (isCandleError(error)) return false;
    throw error;
  }
}

function nextAttempt({ clock }: Supervision, launch: Launch, attempts: number) {
  const made = { attempts, nowMs: clock.nowMs(), random: Math.random() };
  return nextRestart(launch.restart, { exitCode: null, livedMs: 0 }, made);
}
