import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@candle/test-kit';
import { callCandle } from './calls.ts';
import { median, takeSample } from './samples.ts';
import { soakServices } from './services.ts';
import type { World } from './world.ts';

const timeoutMs = 60_000;
const settlingMs = 2_000;
const samples = 20;
const sampleEveryMs = 100;

/**
 * Starts every service anew, lets none end, and counts what the supervisor has open, by kind: at each such moment the same,
 * for the same runs are kept.
 */
export async function countDescriptorsInCalm(world: World): Promise<Readonly<Record<string, number>>> {
  const { box, book } = world;
  book.setCalm(true);
  try {
    await callCandle(box, ['kill']);
    await until('every service runs', () => areAllUp(world), { timeoutMs });
    // Each has printed since, and so has its segment open; what was there to be copied is copied.
    await sleep(settlingMs);
    const counts: Readonly<Record<string, number>>[] = [];
    for (let taken = 0; taken < samples; taken++) {
      const pid = takeSample(world)?.pid;
      if (pid !== undefined) counts.push(countDescriptors(pid));
      await sleep(sampleEveryMs);
    }
    const kinds = new Set(counts.flatMap((count) => Object.keys(count)));
    return Object.fromEntries([...kinds].sort().map((kind) => [kind, median(counts.map((count) => count[kind] ?? 0))]));
  } finally {
    book.setCalm(false);
  }
}

async function areAllUp({ box, book }: World): Promise<boolean> {
  await callCandle(box, ['check-start']);
  const live = new Set(book.pages().flatMap((page) => (book.hasEnded(page) ? [] : page.service)));
  return live.size === soakServices.length;
}

/** By what they are open on; Node makes its own once, when it first needs them, so they are left out. */
function countDescriptors(pid: number): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
      if (target.startsWith('anon_inode:')) continue;
      const kind = target.startsWith('/')
        ? target.replace(/\/[^/]*\.(seg|idx)( |$)/, '/.$1$2').replace(/^.*\//, '')
        : target;
      const name = kind.replace(/:\[\d+\]$/, '');
      counts[name] = (counts[name] ?? 0) + 1;
    } catch {
      // It was closed meanwhile.
    }
  }
  return counts;
}
