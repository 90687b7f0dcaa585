import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printable, quote } from '../errors/quote.ts';
import type { CandleEventKind } from './candle-event.ts';
import { eventsDir } from './event-queue.ts';

/** A plugin's hook that did not do its work. */
export interface HookFailure {
  readonly plugin: string;
  readonly kind: CandleEventKind;
  /** What went wrong, as a part of a sentence. */
  readonly problem: string;
  readonly atMs: number;
  /** What to type when it goes on failing. */
  readonly hint: string;
}

/** Of each plugin and event one is kept, and of all the newest: enough to know what to repair. */
const keptFailures = 20;

function failuresPath(stateDir: string): string {
  return join(eventsDir(stateDir), 'failures.json');
}

function noticePath(stateDir: string): string {
  return join(eventsDir(stateDir), 'failures.notice');
}

/** What plugins print while they are told of events. */
export function hookLogPath(stateDir: string): string {
  return join(eventsDir(stateDir), 'hooks.log');
}

/** Hooks whose last call failed, oldest first. */
export function listHookFailures(stateDir: string): readonly HookFailure[] {
  return readFailures(failuresPath(stateDir));
}

/** Kept for `doctor`, and left for the next command that can say it. */
export function recordHookFailure(stateDir: string, failure: HookFailure): void {
  for (const path of [failuresPath(stateDir), noticePath(stateDir)]) {
    const others = readFailures(path).filter((known) => !isOfSameHook(known, failure));
    writeFailures(path, [...others, failure].slice(-keptFailures));
  }
}

/** It has done its work again. */
export function forgetHookFailure(stateDir: string, hook: Pick<HookFailure, 'plugin' | 'kind'>): void {
  const known = listHookFailures(stateDir);
  const left = known.filter((failure) => !isOfSameHook(failure, hook));
  if (left.length < known.length) writeFailures(failuresPath(stateDir), left);
}

/** Takes what was left to be said; of many commands at once one gets it. */
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

/** What happened, without a full stop. */
export function describeHookFailure({ plugin, kind, problem }: HookFailure): string {
  return `The plugin ${quote(plugin)} failed when it was told of ${kind}: ${printable(problem)}`;
}

/** What to do about it, a line each. */
export function hookFailureHint(stateDir: string, { hint }: HookFailure): string {
  return `${hint}\nWhat it has printed: ${hookLogPath(stateDir)}`;
}

function isOfSameHook(a: Pick<HookFailure, 'plugin' | 'kind'>, b: Pick<HookFailure, 'plugin' | 'kind'>): boolean {
  return a.plugin === b.plugin && a.kind === b.kind;
}

function readFailures(path: string): readonly HookFailure[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}

function writeFailures(path: string, failures: readonly HookFailure[]): void {
  const draft = `${path}.draft-${process.pid}`;
  writeFileSync(draft, JSON.stringify(failures), { mode: 0o600 });
  renameSync(draft, path);
}
