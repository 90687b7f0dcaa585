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
/** Stalls are mostly shorter, but sometimes longer than the five seconds that a command waits for an answer. */
const maxStallMs = 7_000;

/** Repeatedly kills or stops Candle's background processes. */
export async function killAtRandom(
  { box, tally }: World,
  { random, isOver }: { random: Random; isOver: () => boolean },
): Promise<void> {
  while (!isOver()) {
    await sleep(random.whole(50, maxPauseMs));
    const kind = random.weighted(weights);
    const supervisors = supervisorsOf(box);
    const watchdogs = kind === 'kill -9 of the supervisor' ? [] : watchdogsOf(box);
    if (kind === 'SIGSTOP of the supervisor') await stall(supervisors, random.whole(100, maxStallMs));
    else {
      // Kill them in random order, because the watchdog may be about to start the next supervisor.
      const both = random.chance(0.5) ? [...supervisors, ...watchdogs] : [...watchdogs, ...supervisors];
      for (const pid of kind === 'kill -9 of the watchdog' ? watchdogs : both) send(pid, 'SIGKILL');
    }
    tally.count(supervisors.length > 0 ? kind : `${kind}, but none was running`);
  }
}

async function stall(pids: readonly number[], ms: number): Promise<void> {
  for (const pid of pids) send(pid, 'SIGSTOP');
  await sleep(ms);
  for (const pid of pids) send(pid, 'SIGCONT');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has already ended.
  }
}
