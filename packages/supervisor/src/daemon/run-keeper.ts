import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { defaultLogLimits, type Run, runDir, runsDir } from '@candle/core';
import { viewProcesses } from '../members/find-members.ts';
import { recordMembers } from '../observe/record-members.ts';
import type { Supervision } from '../supervision.ts';
import { type KeepEffects, type KeptRun, keepRun, openIngest } from './keep-run.ts';

/** Looks after all runs of a state directory: each that the ledger has as active is kept until it is over. */
export class RunKeeper {
  readonly #supervision: Supervision;
  readonly #effects: KeepEffects & { readonly onOver: () => void };
  readonly #kept = new Map<string, KeptRun>();
  #draining = 0;

  constructor(supervision: Supervision, effects: KeepEffects & { readonly onOver: () => void }) {
    this.#supervision = supervision;
    this.#effects = effects;
  }

  get size(): number {
    return this.#kept.size;
  }

  get isIdle(): boolean {
    return this.#kept.size === 0 && this.#draining === 0;
  }

  /** Adopts what is active and not yet kept. */
  async adopt(): Promise<void> {
    for (const run of await this.#supervision.store.runs.listActive()) {
      if (!this.#kept.has(run.id)) this.#keep(run);
    }
  }

  #keep(run: Run): void {
    const kept = keepRun(this.#supervision, run, this.#effects);
    this.#kept.set(run.id, kept);
    void kept.done.then(() => {
      this.#kept.delete(run.id);
      this.#effects.onOver();
    });
  }

  /** Copies what runs left that ended while no supervisor lived. */
  async drain(): Promise<void> {
    const { stateDir, store } = this.#supervision;
    this.#draining += 1;
    try {
      for (const id of spooledRuns(stateDir)) {
        const run = await store.runs.find(id);
        if (run?.endedAtMs == null || this.#kept.has(id)) continue;
        const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
        const limits = service?.logLimits ?? defaultLogLimits;
        const { isWhole } = await openIngest(this.#supervision, run, this.#effects, limits).finish();
        if (isWhole) await rm(runDir(stateDir, id).spool, { force: true });
      }
    } catch (error) {
      this.#effects.onFailed(error);
    } finally {
      this.#draining -= 1;
      this.#effects.onOver();
    }
  }

  /** Writes down who belongs to each run now, with one look at the machine for all. */
  async recordMembers(): Promise<void> {
    if (this.#kept.size === 0) return;
    const { store, processes } = this.#supervision;
    const runs = (await store.runs.listActive()).filter((run) => run.guard !== null);
    const since = runs.map(({ guard }) => Number(guard?.startToken)).sort((a, b) => a - b)[0];
    const view = viewProcesses(processes, since === undefined ? undefined : String(since));
    for (const run of runs) await recordMembers(this.#supervision, run, view);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((kept) => kept.close()));
  }
}

function spooledRuns(stateDir: string): readonly string[] {
  try {
    return readdirSync(runsDir(stateDir)).filter((id) => existsSync(runDir(stateDir, id).spool));
  } catch {
    return [];
  }
}
