import { setTimeout as sleep } from 'node:timers/promises';
import { supervisorsOf, watchdogsOf } from './processes.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const weights = {
  'kill -9 of the supervisor': 6,
  'kill -9 of the watchdog': 2,
  'kill -9 of both': 3,
  'SIGSTOP of the supervisor': 2,
} as const;
const maxPauseMs = 4_000;
/** Mostly below, sometimes above the five seconds that a command waits for an answer. */
const maxStallMs = 7_000;

/** Kills what Candle runs in the background, again and again. */
export async function killAtRandom(
  { box, tally }: World,
  { random, isOver }: { random: Random; isOver: () => boolean },
): Promise<void> {
  while (!isOver()) {
    await sleep(random.whole(50, maxPauseMs));
    const kind = random.weighted(weights);
    const supervisors = supervisorsOf(box);
    const watchdogs = kind === 'kill -9 of the supervisor' ? [] : watchdogsOf(box);
    if (kind === 'SIGSTOP of the supervisor') await standStill(supervisors, random.whole(100, maxStallMs));
    else {
      // Whichever comes first: the watchdog may be just about to start the next one.
      const both = random.chance(0.5) ? [...supervisors, ...watchdogs] : [...watchdogs, ...supervisors];
      for (const pid of kind === 'kill -9 of the watchdog' ? watchdogs : both) send(pid, 'SIGKILL');
    }
    tally.count(supervisors.length > 0 ? kind : `${kind}, when there was none`);
  }
}

async function standStill(pids: readonly number[], ms: number): Promise<void> {
  for (const pid of pids) send(pid, 'SIGSTOP');
  await sleep(ms);
  for (const pid of pids) send(pid, 'SIGCONT');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
