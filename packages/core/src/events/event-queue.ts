import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CandleEvent } from './candle-event.ts';

/** A plugin that wants to be told of an event. */
export interface HookedPlugin {
  readonly name: string;
  /** Its directory. */
  readonly root: string;
  /** What to type when it is of no use. */
  readonly hint: string;
}

export interface QueuedEvent {
  readonly event: CandleEvent;
  /** Who wanted to be told when it happened. */
  readonly plugins: readonly HookedPlugin[];
}

/** Who puts events there faster than any plugin takes them must not fill the disk. */
const maxQueueLength = 1_000;

/** Told so late, it would be news of another day: left by a process that was killed. Milliseconds. */
const tellWithinMs = 10 * 60_000;

/** What is between those who announce and the process that tells plugins, one file an event; and what came of it. */
export function eventsDir(stateDir: string): string {
  return join(stateDir, 'events');
}

function makeDir(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was first
  }
}

let announced = 0;

/** Puts an event into the queue; without waiting for the disk, as it is worth nothing after a crash of the machine. */
export function enqueueEvent(stateDir: string, queued: QueuedEvent): void {
  const dir = eventsDir(stateDir);
  // Not with its parents: a state directory that was erased stays away.
  if (!existsSync(dir)) makeDir(dir);
  if (readdirSync(dir).length > maxQueueLength) return;
  announced++;
  // In the order in which things happened, whoever announced them.
  const order = [queued.event.atMs, process.pid, announced].map((part) => String(part).padStart(15, '0')).join('-');
  const draft = join(dir, `${order}.draft`);
  writeFileSync(draft, JSON.stringify(queued), { mode: 0o600 });
  renameSync(draft, join(dir, `${order}.event`));
}

/** Takes what is in the queue, oldest first. Each event is taken once, whoever takes at the same time. */
export function takeEvents(stateDir: string, nowMs: number): readonly QueuedEvent[] {
  const dir = eventsDir(stateDir);
  return listQueue(dir).flatMap((name) => {
    try {
      const text = readFileSync(join(dir, name), 'utf8');
      rmSync(join(dir, name));
      const queued: QueuedEvent = JSON.parse(text);
      return nowMs - queued.event.atMs > tellWithinMs ? [] : [queued];
    } catch {
      return []; // taken by another process, or no event
    }
  });
}

function listQueue(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith('.event'))
      .sort();
  } catch {
    return []; // the state was erased
  }
}
