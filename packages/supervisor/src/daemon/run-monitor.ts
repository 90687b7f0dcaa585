import type { Run } from '@candle/core';
import { takeProcessSnapshot } from '../members/find-members.ts';
import { recordMembers } from '../observe/record-members.ts';
import type { Supervision } from '../supervision.ts';
import { type MonitorEffects, type MonitoredRun, monitorRun } from './monitor-run.ts';
import { tidyEndedRuns } from './tidy-ended-runs.ts';

/** Monitors all runs of a state directory: each run that is active in the database, until it ends. */
export class RunMonitor {
  readonly #supervision: Supervision;
  readonly #effects: MonitorEffects & { readonly onOver: () => void };
  readonly #monitored = new Map<string, MonitoredRun>();
  #isTidying = false;

  constructor(supervision: Supervision, effects: MonitorEffects & { readonly onOver: () => void }) {
    this.#supervision = supervision;
    this.#effects = effects;
  }

  get size(): number {
    return this.#monitored.size;
  }

  get isIdle(): boolean {
    return this.#monitored.size === 0 && !this.#isTidying;
  }

  /** Starts to monitor all active runs that are not monitored yet. */
  async adopt(): Promise<void> {
    for (const run of await this.#supervision.store.runs.listActive()) {
      if (!this.#monitored.has(run.id)) this.#monitor(run);
    }
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
   * Cleans up after runs that ended without a supervisor, or whose cleanup was interrupted because a command was
   * killed.
   */
  async tidyUp(): Promise<void> {
    if (this.#isTidying) return;
    this.#isTidying = true;
    try {
      await tidyEndedRuns(this.#supervision, { ...this.#effects, isMonitored: (id) => this.#monitored.has(id) });
    } catch (error) {
      this.#effects.onFailed(error);
    } finally {
      this.#isTidying = false;
      this.#effects.onOver();
    }
  }

  /** Records the current members of each run, with one process snapshot for all. */
  async recordMembers(): Promise<void> {
    if (this.#monitored.size === 0) return;
    const { store, processes } = this.#supervision;
    const runs = (await store.runs.listActive()).filter((run) => run.shim !== null);
    const since = runs.map(({ shim }) => Number(shim?.startToken)).sort((a, b) => a - b)[0];
    const processSnapshot = takeProcessSnapshot(processes, since === undefined ? undefined : String(since));
    for (const run of runs) await recordMembers(this.#supervision, run, processSnapshot);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#monitored.values()].map((monitored) => monitored.close()));
  }
}
