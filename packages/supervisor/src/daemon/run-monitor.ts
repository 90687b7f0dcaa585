import type { Run } from '@candle/core';
import { takeProcessSnapshot } from '../members/find-members.ts';
import { recordMembers } from '../observe/record-members.ts';
import type { Supervision } from '../supervision.ts';
import { type KeepEffects, type KeptRun, monitorRun } from './monitor-run.ts';
import { tidyEndedRuns } from './tidy-ended-runs.ts';

/** Looks after all runs of a state directory: each that the ledger has as active is kept until it is over. */
export class RunMonitor {
  readonly #supervision: Supervision;
  readonly #effects: KeepEffects & { readonly onOver: () => void };
  readonly #kept = new Map<string, KeptRun>();
  #isTidying = false;

  constructor(supervision: Supervision, effects: KeepEffects & { readonly onOver: () => void }) {
    this.#supervision = supervision;
    this.#effects = effects;
  }

  get size(): number {
    return this.#kept.size;
  }

  get isIdle(): boolean {
    return this.#kept.size === 0 && !this.#isTidying;
  }

  /** Adopts what is active and not yet kept. */
  async adopt(): Promise<void> {
    for (const run of await this.#supervision.store.runs.listActive()) {
      if (!this.#kept.has(run.id)) this.#keep(run);
    }
  }

  #keep(run: Run): void {
    const kept = monitorRun(this.#supervision, run, this.#effects);
    this.#kept.set(run.id, kept);
    void kept.done.then(() => {
      this.#kept.delete(run.id);
      this.#effects.onOver();
    });
  }

  /** Sees to what is left of runs that ended while no supervisor lived, or whose end a command that was killed left half done. */
  async tidyUp(): Promise<void> {
    if (this.#isTidying) return;
    this.#isTidying = true;
    try {
      await tidyEndedRuns(this.#supervision, { ...this.#effects, isKept: (id) => this.#kept.has(id) });
    } catch (error) {
      this.#effects.onFailed(error);
    } finally {
      this.#isTidying = false;
      this.#effects.onOver();
    }
  }

  /** Writes down who belongs to each run now, with one look at the machine for all. */
  async recordMembers(): Promise<void> {
    if (this.#kept.size === 0) return;
    const { store, processes } = this.#supervision;
    const runs = (await store.runs.listActive()).filter((run) => run.shim !== null);
    const since = runs.map(({ shim }) => Number(shim?.startToken)).sort((a, b) => a - b)[0];
    const processSnapshot = takeProcessSnapshot(processes, since === undefined ? undefined : String(since));
    for (const run of runs) await recordMembers(this.#supervision, run, processSnapshot);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((kept) => kept.close()));
  }
}
