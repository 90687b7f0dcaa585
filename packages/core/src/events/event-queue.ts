import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CandleEvent } from './candle-event.ts';

/** A plugin that has a hook for an event. */
export interface HookedPlugin {
  readonly name: string;
  /** The plugin's directory. */
  readonly root: string;
  /** The command to type when the plugin does not work. */
  readonly hint: string;
}

export interface QueuedEvent {
  readonly event: CandleEvent;
  /** The plugins that had a hook for the event when it happened. */
  readonly plugins: readonly HookedPlugin[];
}

/** Limits the queue, so that events that arrive faster than plugins handle them cannot fill the disk. */
const maxQueueLength = 1_000;

/** Older events are dropped: a process that was killed left them behind. Milliseconds. */
const maxEventAgeMs = 10 * 60_000;

/** Holds the queue from the processes that raise events to the process that runs hooks (one file per event), and the results of the hooks. */
export function eventsDir(stateDir: string): string {
  return join(stateDir, 'events');
}

function makeDir(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process created it
  }
}

let announced = 0;

/** Adds an event to the queue. It skips fsync, because events are worthless after the machine crashes. */
export function enqueueEvent(stateDir: string, queued: QueuedEvent): void {
  const dir = eventsDir(stateDir);
  // Do not create the parents: an erased state directory must not come back.
  if (!existsSync(dir)) makeDir(dir);
  if (readdirSync(dir).length > maxQueueLength) return;
  announced++;
  // The names sort by the time of the event, whichever process raised it.
  const order = [queued.event.atMs, process.pid, announced].map((part) => String(part).padStart(15, '0')).join('-');
  const draft = join(dir, `${order}.draft`);
  writeFileSync(draft, JSON.stringify(queued), { mode: 0o600 });
  renameSync(draft, join(dir, `${order}.event`));
}

/** Takes the events in the queue, oldest first. Each event is taken once, even if several processes take events at the same time. */
export function takeEvents(stateDir: string, nowMs: number): readonly QueuedEvent[] {
  const dir = eventsDir(stateDir);
  return listQueue(dir).flatMap((name) => {
    try {
      const text = readFileSync(join(dir, name), 'utf8');
      rmSync(join(dir, name));
      const queued: QueuedEvent = JSON.parse(text);
      return nowMs - queued.event.atMs > maxEventAgeMs ? [] : [queued];
    } catch {
      return []; // taken by another process, or not an event
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
