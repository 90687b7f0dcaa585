import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unlinkIfPresent } from '@candle/core/system';
import { readOpenFiles } from '../launch/launch.ts';
import type { Supervision, SupervisorTrouble } from '../supervision.ts';
import { claimStart } from '../system/background-process.ts';
import { isSuspended, killSilentSupervisor } from './kill-silent-supervisor.ts';
import { callSupervisor, findSupervisor, type Greeting, type SupervisorRecord } from './protocol.ts';
import { type StartedWatchdog, type SupervisorProgram, startWatchdog, supervisorLogPath } from './start-watchdog.ts';

/** A supervisor answers within milliseconds, but on an overloaded machine it may take several seconds. */
const answerTimeoutMs = 5_000;
/** A supervisor that has not answered this often, which takes ten seconds, is replaced. */
const maxSilences = 2;
/** The first answer arrives about 150 ms after the start of the watchdog. */
const startTimeoutMs = 5_000;
const pollMs = 20;
/**
 * Maximum utilization of this process's event loop. A command that starts a hundred services may be too busy to receive
 * an answer in time, so a missing answer then says nothing about the supervisor. A command that only waits is idle.
 */
const maxOwnUtilization = 0.5;

const underWay = new Map<string, Promise<SupervisorTrouble | undefined>>();
/** State directories whose supervisor this process could not start. Another attempt would only fail again. */
const failedIn = new Set<string>();

/**
 * Ensures that this state directory has a supervisor of this version or newer, with at least the open-file limit of
 * this process, and that it reads the database now. Services run without a supervisor, so problems are returned, never
 * thrown.
 */
export function ensureSupervisor(supervision: Supervision): Promise<SupervisorTrouble | undefined> {
  const { stateDir, supervisorProgram } = supervision;
  if (supervisorProgram === undefined) return Promise.resolve(undefined);
  // One call is enough for several services that start at once: the supervisor finds all of them in the database.
  const known = underWay.get(stateDir);
  if (known) return known;
  const sinceBegin = performance.eventLoopUtilization();
  const isBusy = () => performance.eventLoopUtilization(sinceBegin).utilization > maxOwnUtilization;
  const ensured = ensure(supervision, supervisorProgram, isBusy)
    .then((trouble) => (isBusy() ? undefined : trouble))
    .catch((): SupervisorTrouble => ({ kind: 'failed', lastLines: [] }))
    .finally(() => underWay.delete(stateDir));
  void ensured.then((trouble) => {
    if (trouble?.kind === 'failed') failedIn.add(stateDir);
    else failedIn.delete(stateDir);
  });
  underWay.set(stateDir, ensured);
  return ensured;
}

async function ensure(
  supervision: Supervision,
  program: SupervisorProgram,
  isBusy: () => boolean,
): Promise<SupervisorTrouble | undefined> {
  const { stateDir, waiting, clock, processes } = supervision;
  let deadlineMs = waiting.nowMs() + startTimeoutMs;
  let replaced: SupervisorRecord | undefined;
  let silences = 0;
  let watchdog: StartedWatchdog | undefined;
  for (;;) {
    const answer = await callSupervisor(stateDir, (remote) => remote.hello(), { timeoutMs: answerTimeoutMs });
    if (answer.kind === 'answered') {
      if (!isBetter({ version: program.version, openFiles: readOpenFiles() }, answer.value))
        return replaced && { kind: 'replaced', ...replaced };
      await callSupervisor(stateDir, (remote) => remote.leave(), { timeoutMs: answerTimeoutMs });
    }
    const record = findSupervisor(stateDir, processes);
    if (answer.kind === 'silent' && record) {
      silences++;
      if (silences < maxSilences && !isSuspended(record, processes)) continue;
      if (isBusy() || !killSilentSupervisor(supervision, record)) return { kind: 'silent', ...record };
      replaced = record;
      deadlineMs = waiting.nowMs() + startTimeoutMs;
      continue;
    }
    if (watchdog?.hasGivenUp() || waiting.nowMs() > deadlineMs) return explain(supervision);
    const isRestarting = replaced?.watchdog != null && processes.isAlive(replaced.watchdog);
    if (!record && !watchdog && !isRestarting && claimSupervisorStart(stateDir, clock.nowMs())) {
      watchdog = await startWatchdog(stateDir, program, supervision.callerEnv);
    }
    await waiting.sleep(pollMs);
  }
}

/**
 * Starts a supervisor if services are running without one, and does not wait for it. Every command does this before it
 * exits, so that a supervisor that was killed together with its watchdog is replaced.
 */
export async function reviveSupervisor(supervision: Supervision): Promise<void> {
  const { stateDir, processes, clock, supervisorProgram } = supervision;
  if (supervisorProgram === undefined || failedIn.has(stateDir) || findSupervisor(stateDir, processes)) return;
  if ((await isSupervisorNeeded(supervision)) && claimSupervisorStart(stateDir, clock.nowMs()))
    await startWatchdog(stateDir, supervisorProgram, supervision.callerEnv);
}

function explain({ stateDir, processes }: Supervision): SupervisorTrouble {
  const record = findSupervisor(stateDir, processes);
  if (record) return { kind: 'silent', ...record };
  return { kind: 'failed', lastLines: readLogTail(stateDir) };
}

/** Enough for an error and the start of its stack trace. */
const logLinesShown = 10;

function readLogTail(stateDir: string): readonly string[] {
  try {
    return readFileSync(supervisorLogPath(stateDir), 'utf8').trimEnd().split('\n').slice(-logLinesShown);
  } catch {
    return [];
  }
}

type Traits = Pick<Greeting, 'version' | 'openFiles'>;

/**
 * Whether the first supervisor should replace the second: a newer version replaces an older one, and within a version a
 * higher limit of open files replaces a lower one. A supervisor may have been started in a restricted shell, it keeps
 * some files open for each run, and services that it restarts inherit its limit. An older version never replaces a
 * newer one, so two versions do not replace each other repeatedly. Pure.
 */
export function isBetter(mine: Traits, other: Traits): boolean {
  if (mine.version !== other.version) return isNewer(mine.version, other.version);
  return mine.openFiles != null && other.openFiles != null && mine.openFiles > other.openFiles;
}

/** Whether version `a` is newer than `b`. A pre-release is older than its release; an invalid version is the oldest. */
export function isNewer(a: string, b: string): boolean {
  return compare(parse(a), parse(b)) > 0;
}

interface Version {
  readonly numbers: readonly number[];
  readonly preRelease: string | undefined;
}

function parse(text: string): Version {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-([^+]+))?/.exec(text);
  return match
    ? { numbers: match.slice(1, 4).map(Number), preRelease: match[4] }
    : { numbers: [], preRelease: undefined };
}

function compare(a: Version, b: Version): number {
  for (const index of [0, 1, 2]) {
    const difference = (a.numbers[index] ?? -1) - (b.numbers[index] ?? -1);
    if (difference !== 0) return difference;
  }
  if (a.preRelease === b.preRelease) return 0;
  if (a.preRelease === undefined) return 1;
  if (b.preRelease === undefined) return -1;
  return a.preRelease.localeCompare(b.preRelease, 'en', { numeric: true });
}

/** Whether any run is active or any restart is pending. Otherwise no supervisor is needed. */
export async function isSupervisorNeeded({ store }: Pick<Supervision, 'store'>): Promise<boolean> {
  return (await store.runs.listActive()).length > 0 || (await store.services.listPendingRestarts()).length > 0;
}

/** A supervisor starts within a fraction of this time, so an older claim belongs to a command that was killed. */
const claimLastsMs = 2_000;

function claimPath(stateDir: string): string {
  return join(stateDir, 'supervisor.starting');
}

/**
 * If many commands run at once, one starts the supervisor and the others wait for it. The lock decides which process is
 * the supervisor; the claim only avoids starting dozens of processes that would exit immediately.
 */
function claimSupervisorStart(stateDir: string, nowMs: number): boolean {
  return claimStart(claimPath(stateDir), { lastsMs: claimLastsMs, nowMs });
}

/** Removes the claim, because the supervisor is running. */
export function endSupervisorStart(stateDir: string): void {
  unlinkIfPresent(claimPath(stateDir));
}
