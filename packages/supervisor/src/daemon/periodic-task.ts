import type { WaitClock } from '../system/wait-clock.ts';

/** Work that is done again and again, whenever so much time has passed. */
export interface PeriodicTask {
  readonly everyMs: number;
  run(): Promise<void>;
}

/** Returns what does those of the chores that are due. The first time each is due after its own time. */
export function openPeriodicTasks(
  tasks: readonly PeriodicTask[],
  { nowMs }: Pick<WaitClock, 'nowMs'>,
): () => Promise<void> {
  const doneAtMs = new Map(tasks.map((task) => [task, nowMs()]));
  return async () => {
    for (const task of tasks) {
      if (nowMs() - (doneAtMs.get(task) ?? 0) < task.everyMs) continue;
      doneAtMs.set(task, nowMs());
      await task.run();
    }
  };
}
