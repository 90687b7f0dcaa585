import type { WaitClock } from '../system/wait-clock.ts';

/** Work that is repeated at an interval. */
export interface PeriodicTask {
  readonly everyMs: number;
  run(): Promise<void>;
}

/** Returns a function that runs the tasks that are due. Each task is due for the first time after its interval. */
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
