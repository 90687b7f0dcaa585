import type { WaitClock } from '../system/wait-clock.ts';

/** Work that is done again and again, whenever so much time has passed. */
export interface Chore {
  readonly everyMs: number;
  run(): Promise<void>;
}

/** Returns what does those of the chores that are due. The first time each is due after its own time. */
export function openChores(chores: readonly Chore[], { nowMs }: Pick<WaitClock, 'nowMs'>): () => Promise<void> {
  const doneAtMs = new Map(chores.map((chore) => [chore, nowMs()]));
  return async () => {
    for (const chore of chores) {
      if (nowMs() - (doneAtMs.get(chore) ?? 0) < chore.everyMs) continue;
      doneAtMs.set(chore, nowMs());
      await chore.run();
    }
  };
}
