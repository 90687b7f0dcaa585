import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultLogLimits } from '@candle/core/config';
import {
  isOutputRead,
  isShimAlive,
  listRunDrafts,
  listRunIds,
  type Run,
  type RunDir,
  runDir,
  stopElsewhere,
} from '@candle/core/runs';
import { isRestartPending } from '@candle/core/services';
import { unlinkIfPresent } from '@candle/core/system';
import { takeProcessSnapshot } from '../members/find-members.ts';
import { observeRun } from '../observe/observe-run.ts';
import { recordMembers, recordRunEnd, removeFile } from '../observe/record-run.ts';
import { findLastRun } from '../policy/next-restart.ts';
import { reconcileOrphans } from '../stop/reconcile-orphans.ts';
import { isStopCommandRunning } from '../stop/run-stop-command.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/process-table.ts';
import { type MonitorEffects, type MonitoredRun, monitorRun, openIngest } from './monitor-run.ts';
import type { RequestedStops } from './requested-stops.ts';

type RunEffects = MonitorEffects & { readonly onOver: () => void; readonly requestedStops: RequestedStops };

/** Monitors all runs of a state directory: each run that is active in the database, until it ends. */
export class RunMonitor {
  readonly #supervision: Supervision;
  readonly #effects: RunEffects;
  readonly #monitored = new Map<string, MonitoredRun>();
  #isTidying = false;
  #isTidyingDue = false;
  #seenReplacements = 0;

  constructor(supervision: Supervision, effects: RunEffects) {
    this.#supervision = supervision;
    this.#effects = effects;
  }

  get size(): number {
    return this.#monitored.size;
  }

  get runs(): readonly Run[] {
    return [...this.#monitored.values()].map(({ run }) => run);
  }

  get isIdle(): boolean {
    return this.#monitored.size === 0 && !this.#isTidying;
  }

  /** Starts to monitor all active runs that are not monitored yet. After a replacement of the database, also orphans. */
  async adopt(): Promise<void> {
    const { store, stateDir } = this.#supervision;
    const replacements = store.replacements();
    const active = await store.runs.listActive();
    for (const run of active) if (!this.#monitored.has(run.id)) this.#monitor(run);
    const ids = new Set(active.map(({ id }) => id));
    const isOrphaned = (id: string) => !ids.has(id) && isShimAlive(runDir(stateDir, id));
    if (replacements === this.#seenReplacements && ![...this.#monitored.keys()].some(isOrphaned)) return;
    this.#seenReplacements = replacements;
    void this.tidyUp();
  }

  #monitor(run: Run): void {
    const monitored = monitorRun(this.#supervision, run, this.#effects);
    this.#monitored.set(run.id, monitored);
    void monitored.done.then(() => {
      this.#monitored.delete(run.id);
      this.#effects.onOver();
    });
  }

  /**
   * Reconciles instances that the database does not know, and cleans up after runs that ended without a supervisor, or whose
   * cleanup was interrupted because a command was killed.
   */
  async tidyUp(): Promise<void> {
    this.#isTidyingDue = true;
    if (this.#isTidying) return;
    this.#isTidying = true;
    try {
      while (this.#isTidyingDue) {
        this.#isTidyingDue = false;
        await this.#tidyUp();
      }
    } catch (error) {
      this.#effects.onFailed(error);
    } finally {
      this.#isTidying = false;
      this.#effects.onOver();
    }
  }

  async #tidyUp(): Promise<void> {
    const { onActivity } = this.#supervision;
    onActivity?.('finding runs that the database does not know');
    // First, because the files of an instance that the database takes for over would be removed.
    await reconcileOrphans(this.#supervision, this.#effects.onFailed);
    // It monitors what was adopted.
    this.#effects.onOver();
    onActivity?.('removing what ended runs have left');
    await tidyEndedRuns(this.#supervision, { ...this.#effects, isMonitored: (id) => this.#monitored.has(id) });
  }

  /** Records the current members of each run, with one process snapshot for all. */
  async recordMembers(): Promise<void> {
    if (this.#monitored.size === 0) return;
    const { store, processes, onActivity } = this.#supervision;
    const runs = (await store.runs.listActive()).filter((run) => run.shim !== null);
    const since = runs.map(({ shim }) => Number(shim?.startToken)).sort((a, b) => a - b)[0];
    onActivity?.('listing processes');
    const processSnapshot = takeProcessSnapshot(processes, since === undefined ? undefined : String(since));
    for (const run of runs) await recordMembers(this.#supervision, run, processSnapshot);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#monitored.values()].map((monitored) => monitored.close()));
  }
}

/**
 * Copies the output that ended runs left in their spools, and removes files that an interrupted command did not remove.
 * `isMonitored`: the run is still being monitored and must not be touched.
 */
async function tidyEndedRuns(
  supervision: Supervision,
  { isMonitored, ...effects }: MonitorEffects & { readonly isMonitored: (runId: string) => boolean },
): Promise<void> {
  const { stateDir, store, processes } = supervision;
  for (const { dir, pid } of listRunDrafts(stateDir)) {
    // A pid of another container means nothing here, but its process holds the pipe.
    if (processes.identify(pid) === undefined && !isShimAlive(dir))
      await rm(dir.path, { recursive: true, force: true });
  }
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
  const isOfRestart = path === dir.launch || path === stopElsewhere(dir);
  if (isOfRestart && (await isRestartPendingFor(supervision, run))) return;
  if (path === dir.spool) {
    // Its last output may not be in the spool yet.
    if (isOutputRead(dir)) return;
    const service = await supervision.store.services.find({ projectDir: run.projectDir, name: run.serviceName });
    const limits = service?.logLimits ?? defaultLogLimits;
    const quiet = { ...effects, onFailed: () => undefined };
    const { isWhole } = await openIngest(supervision, run, quiet, limits).finish();
    if (!isWhole || isStopCommandRunning(supervision, dir)) return;
    unlinkIfPresent(path);
    return;
  }
  await rm(path, { force: true });
}

/** Whether the restart policy is about to restart the service with the launch of this run. */
async function isRestartPendingFor({ store }: Supervision, { id, projectDir, serviceName }: Run): Promise<boolean> {
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
  const elsewhere = [stopElsewhere(dir)].filter((path) => existsSync(path));
  const inside = names.flatMap((name) => {
    const path = join(dir.path, name);
    // The name of a draft ends with the pid of its writer.
    const writer = /\.(\d+)$/.exec(name)?.[1];
    const isDraft = writer !== undefined && processes.identify(Number(writer)) === undefined;
    return isDraft || temporary.includes(path) ? [path] : [];
  });
  return [...inside, ...elsewhere];
}

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
