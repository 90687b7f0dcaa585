import { isCandleError } from '@candle/core/errors';
import { serviceStarted } from '@candle/core/events';
import { DirectoryReplacedError, openSameDirectory } from '@candle/core/projects';
import { newRunState, type Run, runDir } from '@candle/core/runs';
import { isRestartPending, msUntilRestart, type RestartEvent, type ServiceRecord } from '@candle/core/services';
import { forgetOldRuns } from '../launch/forget-old-runs.ts';
import { findContextProblem, findLaunch, type Launch, readContext } from '../launch/launch.ts';
import { newRunId } from '../launch/launch-run.ts';
import { prepareRun, spawnRun } from '../launch/spawn-run.ts';
import { isAbandoned } from '../observe/observe-run.ts';
import { noteGivenUp, recordNotedStop, removeFile } from '../observe/record-run.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/process-table.ts';
import { findLastRun, momentOf } from './next-restart.ts';

/** How soon to check again while a service is being restarted. */
const recheckMs = 250;

/** Restarts services when their restart is due: several concurrently, but each service only once. */
export class PendingRestarts {
  readonly #supervision: Supervision;
  readonly #effects: { readonly onOver: () => void; readonly onFailed: (error: unknown) => void };
  readonly #underWay = new Set<string>();

  constructor(supervision: Supervision, effects: { onOver: () => void; onFailed: (error: unknown) => void }) {
    this.#supervision = supervision;
    this.#effects = effects;
  }

  /**
   * Begins all restarts that are due, without waiting for them. Returns when to call it again, on the monotonic clock;
   * infinity if none is pending.
   */
  async restartDue(): Promise<number> {
    const { store } = this.#supervision;
    const now = momentOf(this.#supervision);
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const service of await store.services.listPendingRestarts()) {
      const waitMs = msUntilRestart(service.pendingRestart, now);
      nextAtMs = Math.min(nextAtMs, now.monotonicMs + Math.max(waitMs, recheckMs));
      const key = JSON.stringify([service.projectDir, service.name]);
      if (waitMs > 0 || this.#underWay.has(key)) continue;
      this.#underWay.add(key);
      void restartByPolicy(this.#supervision, service)
        .finally(() => this.#underWay.delete(key))
        // After a failure, the restart is still due, and the next call tries it again.
        .then(this.#effects.onOver, this.#effects.onFailed);
    }
    return nextAtMs;
  }
}

/**
 * Restarts a service according to its policy. It uses the launch of the last run, so configuration changes since then
 * have no effect. A newer request supersedes the restart. Nothing is restarted after a reboot.
 */
async function restartByPolicy(supervision: Supervision, service: ServiceRecord): Promise<void> {
  const { store, stateDir } = supervision;
  const isSuperseded = ({ request, pendingRestart }: ServiceRecord) =>
    request.generation !== service.request.generation || !isRestartPending(pendingRestart);
  await withServiceLock(supervision, service, isSuperseded, async () => {
    const last = await findLastRun(supervision, service);
    const event = await tryRestart(supervision, service, last);
    const after = await store.services.applyRestartEvent(service, service.request.generation, event);
    if (last && after) await noteGivenUp(supervision, last, after);
    if (last?.endedAtMs != null && !isRestartPending(after)) await removeFile(runDir(stateDir, last.id).launch);
  });
}

async function tryRestart(
  supervision: Supervision,
  service: ServiceRecord,
  last: Run | undefined,
): Promise<RestartEvent> {
  const { stateDir, processes } = supervision;
  // It was already restarted, but the process was killed before it could record that.
  if (last?.endedAtMs === null) return { kind: 'restarted' };
  if (last && (isAbandoned(supervision, last) || (await recordNotedStop(supervision, last))))
    return { kind: 'cancelled' };
  const launch = last && findLaunch(runDir(stateDir, last.id));
  if (!launch || !isOfThisBoot(processes, last.bootId)) return { kind: 'cancelled' };
  const refusal = (launch.context && findContextProblem(readContext(), launch.context)) || findRootProblem(launch);
  if (refusal) return { kind: 'refused', refusal };
  if (await startAgain(supervision, service, last, launch)) return { kind: 'restarted' };
  return { kind: 'restartFailed', policy: launch.restart, random: Math.random(), ...momentOf(supervision) };
}

/** A missing directory is none, because it may exist again at the next attempt. */
function findRootProblem({ root, rootIdentity }: Launch): string | undefined {
  try {
    openSameDirectory(root, rootIdentity).close();
    return undefined;
  } catch (error) {
    return error instanceof DirectoryReplacedError ? error.message : undefined;
  }
}

/** False if it could not be started now, because one of its ports is taken or the system could not create the process. */
async function startAgain(
  supervision: Supervision,
  { pendingRestart, transient, projectDir, name }: ServiceRecord,
  last: Run,
  launch: Launch,
): Promise<boolean> {
  const { store, processes, clock } = supervision;
  const ports = [...(last.port === null ? [] : [{ name, port: last.port }]), ...launch.furtherPorts];
  for (const { name: reservedAs, port } of ports) {
    // The port was released while the service was running, and then reserved for another service.
    const reservation = await store.reservations.findByPort(port);
    if (reservation && (reservation.projectDir !== projectDir || reservation.serviceName !== reservedAs)) return false;
    if (processes.listening().on(port).length > 0) return false;
  }
  const startedAtMs = clock.nowMs();
  const id = newRunId(startedAtMs);
  const run: Run = {
    ...last,
    ...newRunState,
    id,
    startedAtMs,
    startedMonotonicMs: clock.monotonicMs(),
    attempt: pendingRestart.attempts,
    // No command waits for the start. The policy judges the run by how long it lasts.
    confirmedAtMs: startedAtMs,
    logStart: null,
  };
  try {
    const again = { ...launch, env: { ...launch.env, CANDLE_RUN_ID: id } };
    const prepared = await prepareRun(supervision, { run, transient }, again);
    const running = await spawnRun(supervision, prepared).finally(prepared.close);
    supervision.announce(serviceStarted(running, startedAtMs));
    await forgetOldRuns(supervision, { projectDir: run.projectDir, name: run.serviceName });
    return true;
  } catch (error) {
    if (isCandleError(error)) return false;
    throw error;
  }
}
