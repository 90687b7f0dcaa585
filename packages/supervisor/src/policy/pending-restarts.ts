import type { Supervision } from '../supervision.ts';
import { restartByPolicy } from './restart-by-policy.ts';

/** While one is being started again, how soon to look whether it is. */
const recheckMs = 250;

/** Brings services back when their time has come, several at once and each only once. */
export class PendingRestarts {
  readonly #supervision: Supervision;
  readonly #effects: { readonly onOver: () => void; readonly onFailed: (error: unknown) => void };
  readonly #underWay = new Set<string>();

  constructor(supervision: Supervision, effects: { onOver: () => void; onFailed: (error: unknown) => void }) {
    this.#supervision = supervision;
    this.#effects = effects;
  }

  /** Starts what is due again, without waiting for it; tells when to ask next (never: infinity). */
  async restartDue(): Promise<number> {
    const { store, clock } = this.#supervision;
    const nowMs = clock.nowMs();
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const service of await store.services.listPendingRestarts()) {
      const atMs = service.pendingRestart.nextRestartAtMs ?? 0;
      nextAtMs = Math.min(nextAtMs, Math.max(atMs, nowMs + recheckMs));
      const key = JSON.stringify([service.projectDir, service.name]);
      if (atMs > nowMs || this.#underWay.has(key)) continue;
      this.#underWay.add(key);
      void restartByPolicy(this.#supervision, service)
        .catch(this.#effects.onFailed)
        .finally(() => {
          this.#underWay.delete(key);
          this.#effects.onOver();
        });
    }
    return nextAtMs;
  }
}
