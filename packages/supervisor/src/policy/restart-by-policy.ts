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
import { findContextProblem, findLaunch, type Launch, readContext } from '../launch/launch.ts';
import { newRunId } from '../launch/launch-run.ts';
import { spawnRun } from '../launch/spawn-run.ts';
import { removeFile } from '../observe/record-run-end.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/is-of-this-boot.ts';
import { findLastRun } from './find-last-run.ts';
import { nextRestart } from './next-restart.ts';

/**
 * Restarts a service according to its policy. It uses the launch of the last run, so configuration changes since then
 * have no effect. A newer request supersedes the restart. Nothing is restarted after a reboot.
 */
export async function restartByPolicy(supervision: Supervision, service: ServiceRecord): Promise<void> {
  const { store } = supervision;
  const isSuperseded = ({ request, pendingRestart }: ServiceRecord) =>
    request.generation !== service.request.generation || pendingRestart.nextRestartAtMs === null;
  await withServiceLock(supervision, service, isSuperseded, async () => {
    const last = await findLastRun(supervision, service);
    const dir = last && runDir(supervision.stateDir, last.id);
    const finish = async (pendingRestart: Partial<PendingRestart>, desired?: 'down') => {
      await store.services.setPendingRestart(
        service,
        service.request.generation,
        { ...noPendingRestart, ...pendingRestart },
        desired,
      );
      if (dir && pendingRestart.nextRestartAtMs == null) await removeFile(dir.launch);
    };
    const { attempts } = service.pendingRestart;
    // It was already restarted, but the process was killed before it could record that.
    if (last?.endedAtMs === null)
      return store.services.setPendingRestart(service, service.request.generation, { ...noPendingRestart, attempts });
    const launch = dir && findLaunch(dir);
    if (!last || !launch || !isOfThisBoot(supervision.processes, last.bootId)) return finish({}, 'down');
    const refusal = launch.context && findContextProblem(readContext(), launch.context);
    if (refusal) return finish({ attempts, refusal });
    const isStarted = await startAgain(supervision, service, last, launch);
    await finish(isStarted ? { attempts } : nextAttempt(supervision, launch, attempts));
  });
}

/** False if it could not be started now, because its port is taken or the system could not create the process. */
async function startAgain(
  supervision: Supervision,
  { pendingRestart, transient, projectDir, name }: ServiceRecord,
  last: Run,
  launch: Launch,
): Promise<boolean> {
  const { store, processes, clock } = supervision;
  if (last.port !== null) {
    // The port was released while the service was running, and then reserved for another service.
    const reservation = await store.reservations.findByPort(last.port);
    if (reservation && (reservation.projectDir !== projectDir || reservation.serviceName !== name)) return false;
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
    // No command waits for the start. The policy judges the run by how long it lasts.
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
