import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@candle/test-kit';
import { isPrinting } from './book.ts';
import { callCandle } from './calls.ts';
import { median, takeSample } from './samples.ts';
import { soakServices } from './services.ts';
import type { World } from './world.ts';

const patienceMs = 60_000;
const samples = 20;
const sampleEveryMs = 100;

/**
 * Starts every service, lets none end, and counts what the supervisor has open: at each such moment the same, for the same
 * runs are kept.
 */
export async function countDescriptorsInCalm(world: World): Promise<number> {
  const { box, book } = world;
  book.setCalm(true);
  try {
    await until('every service runs', () => areAllUp(world), { timeoutMs: patienceMs });
    // Each has printed since, and so has its segment open; what was there to be copied is copied.
    await sleep(2_000);
    const counts: number[] = [];
    for (let taken = 0; taken < samples; taken++) {
      counts.push(takeSample(world)?.descriptors ?? Number.NaN);
      await sleep(sampleEveryMs);
    }
    return median(counts);
  } finally {
    book.setCalm(false);
  }

  async function areAllUp({ tally }: World): Promise<boolean> {
    await callCandle(box, ['check-start']);
    const live = new Set(
      book
        .pages()
        .filter(isPrinting)
        .map(({ service }) => service),
    );
    tally.count('calls for calm');
    return live.size === soakServices.length;
  }
}
