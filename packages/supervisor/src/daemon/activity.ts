/** A period in which the process did nothing else, which delays everything that it does for other projects. */
export interface LongTick {
  readonly durationMs: number;
  /** What it was doing, as "searching the output of …"; null if it used little CPU time: it was suspended or starved. */
  readonly activity: string | null;
}

/** As a sentence about the supervisor. */
export function describeLongTick({ durationMs, activity }: LongTick): string {
  const seconds = `${(durationMs / 1_000).toFixed(1)} s`;
  return activity === null
    ? `It was suspended, or the machine was overloaded, for ${seconds}`
    : `It did nothing else for ${seconds} while ${activity}`;
}

interface ActivityEffects {
  readonly nowMs: () => number;
  /** CPU time of this process. */
  readonly cpuMs: () => number;
  /** Runs the function after the events that are waiting. */
  readonly afterEvents: (run: () => void) => void;
}

const otherActivity = 'doing other work';
/** Shorter ticks are normal on a busy machine. */
const longTickMs = 1_000;
/** A process that used less CPU time than this share of a tick was not busy. It may have shared its core with many others. */
const busyShare = 0.1;

/** Knows what the process is doing, so that a tick that took long can be attributed. */
export class ActivityLog {
  readonly #effects: ActivityEffects;
  #current = otherActivity;
  #isEnding = false;
  #sinceMs: number;
  #longest = { activity: this.#current, ms: 0 };
  #tickedAtMs: number;
  #tickedCpuMs: number;

  constructor(effects: ActivityEffects) {
    this.#effects = effects;
    this.#tickedAtMs = effects.nowMs();
    this.#tickedCpuMs = effects.cpuMs();
    this.#sinceMs = this.#tickedAtMs;
  }

  /** Notes what the process does until the next event. Called before each synchronous step. */
  begin(activity: string): void {
    this.#change(activity);
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#effects.afterEvents(() => {
      this.#isEnding = false;
      this.#change(otherActivity);
    });
  }

  #change(activity: string): void {
    const nowMs = this.#effects.nowMs();
    const ms = nowMs - this.#sinceMs;
    if (ms > this.#longest.ms) this.#longest = { activity: this.#current, ms };
    this.#current = activity;
    this.#sinceMs = nowMs;
  }

  /** Called at an interval. The tick, if the call is late by more than a second. */
  tick(everyMs: number): LongTick | undefined {
    this.#change(otherActivity);
    const [nowMs, cpuMs] = [this.#effects.nowMs(), this.#effects.cpuMs()];
    const durationMs = nowMs - this.#tickedAtMs - everyMs;
    const isBusy = cpuMs - this.#tickedCpuMs >= durationMs * busyShare;
    const { activity } = this.#longest;
    this.#longest = { activity: this.#current, ms: 0 };
    this.#tickedAtMs = nowMs;
    this.#tickedCpuMs = cpuMs;
    return durationMs > longTickMs
      ? { durationMs: Math.round(durationMs), activity: isBusy ? activity : null }
      : undefined;
  }
}
