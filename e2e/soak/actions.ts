import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from './book.ts';
import { callCandle } from './calls.ts';
import type { RunChecker } from './check-runs.ts';
import { follow } from './follow.ts';
import { shimsOf } from './processes.ts';
import type { Random } from './random.ts';
import { soakServices } from './services.ts';
import type { World } from './world.ts';

/** How often each action is chosen, relative to the others. */
const weights = {
  start: 4,
  'check-start': 4,
  restart: 4,
  kill: 4,
  logs: 5,
  'logs -f': 3,
  ps: 2,
  flood: 6,
  'kill -9 of a program': 3,
  'kill -9 of a shim': 1,
} as const;
type Action = keyof typeof weights;

/** The share of commands that are killed, if they may be. */
const killedShare = 0.25;
const maxPauseMs = 600;
/** Error messages that are expected when services crash or a newer command replaces an older one. */
const expected = /could not be started|failed to start|did not become ready|newer|Service '.*' (ended|exited|was)/;

/** Performs random actions until `isOver` returns true. With `mayKill`, it also kills commands and shims. */
export async function actAtRandom(
  world: World,
  checker: RunChecker,
  { random, isOver, mayKill }: { random: Random; isOver: () => boolean; mayKill: boolean },
): Promise<void> {
  while (!isOver()) {
    await act(world, checker, random, mayKill);
    await sleep(random.whole(0, maxPauseMs));
  }
}

async function act(world: World, checker: RunChecker, random: Random, mayKill: boolean): Promise<void> {
  const { tally } = world;
  const action: Action = random.weighted(weights);
  const names = Array.from({ length: random.whole(1, 3) }, () => random.pick(nonEmpty).name);
  const killAfterMs = mayKill && random.chance(killedShare) ? random.whole(20, 700) : undefined;
  const live = livePages(world);
  const page = live[random.whole(0, Math.max(0, live.length - 1))];
  switch (action) {
    case 'flood':
      return page && signal(page.pid, 'SIGUSR2') ? tally.count('floods') : undefined;
    case 'kill -9 of a program':
      return page && signal(page.pid, 'SIGKILL') ? tally.count(action) : undefined;
    case 'kill -9 of a shim': {
      const shim = mayKill ? shimsOf(world.box)[0] : undefined;
      return shim && signal(shim, 'SIGKILL') ? tally.count(action) : undefined;
    }
    case 'logs':
      tally.count('candle logs of a living run');
      return page && checker.checkByCommand(page, killAfterMs);
    case 'logs -f':
      return page && follow(world, page, random.whole(500, 4_000));
    default:
      return command(world, [action, ...names], killAfterMs);
  }
}

const nonEmpty = soakServices as [(typeof soakServices)[number], ...(typeof soakServices)[number][]];

async function command({ box, tally }: World, args: readonly string[], killAfterMs: number | undefined): Promise<void> {
  const { end, stderr } = await callCandle(box, args, killAfterMs);
  tally.count(end === 'killed' ? `candle ${args[0]}, killed` : `candle ${args[0]}`);
  if (end === 0 || end === 'killed') return;
  if (end === 1 && expected.test(stderr)) return tally.count(`candle ${args[0]}, failed as expected`);
  tally.defect(`candle ${args.join(' ')} ended with ${end}: ${stderr}`);
}

function livePages({ book }: World): readonly Page[] {
  return book.pages().filter((page) => !book.hasEnded(page));
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
