import type { Run } from '@candle/core/runs';
import { stopOwnedRuns } from '../foreground/owned-runs.ts';
import { isAbandoned } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';

/** How soon to try again if a run could not be stopped. */
const retryAfterMs = 1_000;

/** Stops the runs whose owner was killed before it could stop them. */
export class AbandonedRuns {
  readonly #supervision: Supervision;
  readonly #onFailed: (error: unknown) => void;
  #isStopping = false;
  #notBeforeMs = 0;

  constructor(supervision: Supervision, onFailed: (error: unknown) => void) {
    this.#supervision = supervision;
    this.#onFailed = onFailed;
  }

  /** Begins to stop those among the given runs, without waiting. Cheap if no run is tied to a process. */
  stopAmong(runs: readonly Run[]): void {
    if (this.#isStopping || this.#supervision.waiting.nowMs() < this.#notBeforeMs) return;
    const abandoned = runs.filter((run) => isAbandoned(this.#supervision, run));
    if (abandoned.length === 0) return;
    this.#isStopping = true;
    void stopOwnedRuns(this.#supervision, abandoned)
      .catch((error: unknown) => {
        this.#notBeforeMs = this.#supervision.waiting.nowMs() + retryAfterMs;
        this.#onFailed(error);
      })
      .finally(() => {
        this.#isStopping = false;
      });
  }
}
