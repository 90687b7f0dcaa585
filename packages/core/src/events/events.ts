import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CandleEvent, ServiceStartedEvent, ServiceStoppedEvent } from '@candle/documents';
import { printable, quote } from '../errors/quote.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { Run } from '../runs/run.ts';
import type { RunEnd } from '../runs/run-status.ts';

/** An event for plugins. The process that made a change raises the event after the change is in the database. */
export type { CandleEvent };
/** These are also the names of the plugin hooks. */
export type CandleEventKind = CandleEvent['kind'];

export function portReserved({ port, projectDir, serviceName, reservedAtMs }: Reservation): CandleEvent {
  return { kind: 'port-reserved', atMs: reservedAtMs, projectDir, serviceName, port };
}

export function portReleased({ port, projectDir, serviceName }: Reservation, atMs: number): CandleEvent {
  return { kind: 'port-released', atMs, projectDir, serviceName, port };
}

export function serviceStarted(run: Run, atMs: number): ServiceStartedEvent {
  return { kind: 'service-started', atMs, ...partsOf(run), attempt: run.attempt };
}

export function serviceStopped(run: Run, end: RunEnd): ServiceStoppedEvent {
  const { endedAtMs, exitCode, exitSignal, endReason } = end;
  return { kind: 'service-stopped', atMs: endedAtMs, ...partsOf(run), exitCode, exitSignal, reason: endReason };
}

function partsOf({ projectDir, serviceName, port, id, shim }: Run) {
  return { projectDir, serviceName, port, runId: id, pid: shim?.pid ?? null };
}

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

/** A plugin hook that failed. */
export interface HookFailure {
  readonly plugin: string;
  readonly kind: CandleEventKind;
  /** What went wrong, as part of a sentence. */
  readonly problem: string;
  readonly atMs: number;
  /** The command to type when the hook keeps failing. */
  readonly hint: string;
}

/** Failures to keep: one per plugin and event, the newest overall. This is enough to know what to fix. */
const keptFailures = 20;

function failuresPath(stateDir: string): string {
  return join(eventsDir(stateDir), 'failures.json');
}

function noticePath(stateDir: string): string {
  return join(eventsDir(stateDir), 'failures.notice');
}

/** The output of plugin hooks. */
export function hookLogPath(stateDir: string): string {
  return join(eventsDir(stateDir), 'hooks.log');
}

/** The hooks whose last call failed, oldest first. */
export function listHookFailures(stateDir: string): readonly HookFailure[] {
  return readFailures(failuresPath(stateDir));
}

/** Keeps a failure for `doctor`, and leaves a notice for the next command that can report it. */
export function recordHookFailure(stateDir: string, failure: HookFailure): void {
  for (const path of [failuresPath(stateDir), noticePath(stateDir)]) {
    const others = readFailures(path).filter((known) => !isOfSameHook(known, failure));
    writeFailures(path, [...others, failure].slice(-keptFailures));
  }
}

/** Removes the failure of a hook that has succeeded since. */
export function forgetHookFailure(stateDir: string, hook: Pick<HookFailure, 'plugin' | 'kind'>): void {
  const known = listHookFailures(stateDir);
  const left = known.filter((failure) => !isOfSameHook(failure, hook));
  if (left.length < known.length) writeFailures(failuresPath(stateDir), left);
}

/** Takes the failures that were not reported yet. Of several concurrent commands, only one gets them. */
export function takeHookNotice(stateDir: string): readonly HookFailure[] {
  const taken = `${noticePath(stateDir)}.${process.pid}`;
  try {
    renameSync(noticePath(stateDir), taken);
  } catch {
    return [];
  }
  const failures = readFailures(taken);
  rmSync(taken, { force: true });
  return failures;
}

/** Describes the failure, without a full stop. */
export function describeHookFailure({ plugin, kind, problem }: HookFailure): string {
  return `Plugin ${quote(plugin)} failed to handle ${kind}: ${printable(problem)}`;
}

/** What to do about it, one item per line. */
export function hookFailureHint(stateDir: string, { hint }: HookFailure): string {
  return `${hint}\nPlugin output: ${hookLogPath(stateDir)}`;
}

function isOfSameHook(a: Pick<HookFailure, 'plugin' | 'kind'>, b: Pick<HookFailure, 'plugin' | 'kind'>): boolean {
  return a.plugin === b.plugin && a.kind === b.kind;
}

function readFailures(path: string): readonly HookFailure[] {
  try {
    const failures: readonly HookFailure[] = JSON.parse(readFileSync(path, 'utf8'));
    // Builds before the first release wrote the hint under another name. Their failures are forgotten.
    return failures.filter(({ hint }) => typeof hint === 'string');
  } catch {
    return [];
  }
}

function writeFailures(path: string, failures: readonly HookFailure[]): void {
  const draft = `${path}.draft-${process.pid}`;
  writeFileSync(draft, JSON.stringify(failures), { mode: 0o600 });
  renameSync(draft, path);
}
