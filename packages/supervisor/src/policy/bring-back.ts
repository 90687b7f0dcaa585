import {
  type Comeback,
  isCandleError,
  noComeback,
  type Run,
  runDir,
  type ServiceRecord,
  serviceStarted,
} from '@candle/core';
import { forgetOldRuns } from '../launch/forget-old-runs.ts';
import { findLaunch, type Launch } from '../launch/launch.ts';
import { newRunId, spawnRun } from '../launch/launch-run.ts';
import { findContextProblem, readContext } from '../launch/process-context.ts';
import { removeFile } from '../observe/settle-run.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/is-of-this-boot.ts';
import { inTurn } from '../turns/in-turn.ts';
import { findLastRun } from './find-last-run.ts';
import { nextComeback } from './next-comeback.ts';

/**
 * Starts a service again because its policy says so: from the launch of its last run, so as it was started and not as the
 * configuration is now. A newer request of a person makes it void. Nothing is brought back over a boot.
 */
export async function bringBack(supervision: Supervision, service: ServiceRecord): Promise<void> {
  const { store } = supervision;
  const isMoot = ({ ticket, comeback }: ServiceRecord) =>
    ticket.number !== service.ticket.number || comeback.nextRestartAtMs === null;
  await inTurn(supervision, service, isMoot, async () => {
    const last = await findLastRun(supervision, service);
    const dir = last && runDir(supervision.stateDir, last.id);
    const settle = async (comeback: Partial<Comeback>, desired?: 'down') => {
      await store.services.setComeback(service, service.ticket.number, { ...noComeback, ...comeback }, desired);
      if (dir && comeback.nextRestartAtMs == null) await removeFile(dir.launch);
    };
    const { attempts } = service.comeback;
    // It was started, and whoever did it was killed before this was noted.
    if (last?.endedAtMs === null)
      return store.services.setComeback(service, service.ticket.number, { ...noComeback, attempts });
    const launch = dir && findLaunch(dir);
    if (!last || !launch || !isOfThisBoot(supervision.processes, last.bootId)) return settle({}, 'down');
    const refusal = launch.context && findContextProblem(readContext(), launch.context);
    if (refusal) return settle({ attempts, refusal });
    const isStarted = await startAgain(supervision, service, last, launch);
    await settle(isStarted ? { attempts } : nextAttempt(supervision, launch, attempts));
  });
}

/** False when it could not be started now: somebody else has its port, or the system would not make the process. */
async function startAgain(
  supervision: Supervision,
  { comeback, transient, projectDir, name }: ServiceRecord,
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
    guard: null,
    startedAtMs,
    endedAtMs: null,
    exitCode: null,
    exitSignal: null,
    endReason: null,
    attempt: comeback.attempts,
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
  return nextComeback(launch.restart, { exitCode: null, livedMs: 0 }, made);
}
