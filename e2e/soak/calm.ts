import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@candle/test-kit';
import { callCandle } from './calls.ts';
import { median, takeSample } from './samples.ts';
import { soakServices } from './services.ts';
import type { World } from './world.ts';

const timeoutMs = 60_000;
const copyingMs = 2_000;
const samples = 20;
const sampleEveryMs = 100;

/**
 * Restarts every service, lets none end, and counts the open file descriptors of the supervisor by what they refer to. The
 * counts are the same each time, because the same number of runs is kept.
 */
export async function countDescriptorsInCalm(world: World): Promise<Readonly<Record<string, number>>> {
  const { box, book } = world;
  book.setCalm(true);
  try {
    await callCandle(box, ['kill']);
    await until('every service runs', () => areAllUp(world), { timeoutMs });
    // Give each service time to print, so that its segment is open and all earlier output is copied.
    await sleep(copyingMs);
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

/** Counts descriptors by target. Ignores Node's own ones, which it opens once, when it first needs them. */
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
      // The descriptor was closed in the meantime.
    }
  }
  return counts;
}
