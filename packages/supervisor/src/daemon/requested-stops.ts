import { isUnwritable } from '@candle/core/store';
import type { RequestedStop } from '../client/protocol.ts';
import { noteStopOf } from '../observe/record-run.ts';
import type { Supervision } from '../supervision.ts';

/**
 * The stops that commands could not write to the database. They are recorded before the end of any run, so that no policy
 * restarts what was stopped.
 */
export class RequestedStops {
  readonly #supervision: Supervision;
  readonly #waiting = new Set<RequestedStop>();

  constructor(supervision: Supervision) {
    this.#supervision = supervision;
  }

  add(stops: readonly RequestedStop[]): void {
    for (const stop of stops) this.#waiting.add(stop);
  }

  /** Records the stops that are not recorded yet. False if the database still cannot be written. */
  async record(): Promise<boolean> {
    const { store, self } = this.#supervision;
    try {
      for (const stop of this.#waiting) {
        // So that the end of the run is recorded as a stop.
        await noteStopOf(this.#supervision, stop);
        await store.services.killUnlessNewer(stop, stop.generation, self);
        this.#waiting.delete(stop);
      }
      return true;
    } catch (error) {
      if (!isUnwritable(error)) throw error;
      return false;
    }
  }
}
