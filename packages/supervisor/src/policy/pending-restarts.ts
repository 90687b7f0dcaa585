import type { Supervision } from '../supervision.ts';
import { restartByPolicy } from './restart-by-policy.ts';

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
   * Begins all restarts that are due, without waiting for them. Returns when to call it again; infinity if none is
   * pending.
   */
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
