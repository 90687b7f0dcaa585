import { rename, rm, writeFile } from 'node:fs/promises';
import { isCandleError } from '@candle/core/errors';
import { serviceStopped } from '@candle/core/events';
import {
  type EndCause,
  endEvent,
  findNotedStop,
  isOutputRead,
  lastOutputMs,
  noteInRunRecord,
  noteRunEnd,
  noteStop,
  type Run,
  type RunDir,
  runDir,
} from '@candle/core/runs';
import { isRestartPending, lastedMs, type PendingRestart, type ServiceKey } from '@candle/core/services';
import { writeProblemOf } from '@candle/core/system';
import type { RequestedStop } from '../client/protocol.ts';
import { findMembers, type ProcessSnapshot, takeProcessSnapshot } from '../members/find-members.ts';
import type { Supervision, WaitClock } from '../supervision.ts';
import { marksOfRun, type ObservedRun } from './observe-run.ts';

/** A reader ends within a few milliseconds. */
const outputPollMs = 5;

/**
 * Records the end of a run in the database, together with the decision of its restart policy. Deletes what the run was
 * started with, because it may contain secrets, unless a pending restart needs it. Keeps the output.
 */
export async function recordRunEnd(
  supervision: Supervision,
  { run, hasBegun, exitCode, exitSignal, endedAtMs }: Omit<ObservedRun, 'status' | 'isAlive' | 'pid'>,
  cause: EndCause,
  pendingRestart?: PendingRestart,
): Promise<void> {
  const { store, stateDir, clock, waiting, announce } = supervision;
  await awaitLastOutput(runDir(stateDir, run.id), waiting);
  const remains = { hasBegun, exitCode, exitSignal, endedAtMs: endedAtMs ?? clock.nowMs() };
  const dir = runDir(stateDir, run.id);
  const wasStopped = cause === 'unrequested' && (await recordNotedStop(supervision, run));
  const event = endEvent(run.status, remains, wasStopped ? 'stopped' : cause);
  if (!wasStopped && pendingRestart) await noteGivenUp(supervision, run, pendingRestart);
  const ended = await store.runs.end(run.id, event, wasStopped ? undefined : pendingRestart);
  if (ended) {
    announce(serviceStopped(ended, event));
    await noteRunEnd(dir, ended);
  }
  const temporary = [
    dir.command,
    dir.members,
    ...(isRestartPending(pendingRestart) && !wasStopped ? [] : [dir.launch]),
  ];
  await Promise.all(temporary.map(removeFile));
}

/** Notes with the last run that the restart policy has given up, if it has. */
export async function noteGivenUp(
  { store, stateDir }: Supervision,
  { id, projectDir, serviceName }: Run,
  { crashLoopedAtMs: atMs, attempts: restarts }: PendingRestart,
): Promise<void> {
  if (atMs === null) return;
  const runs = await store.runs.listOfService(projectDir, serviceName);
  const last = runs.findIndex((one) => one.id === id);
  const run = runs[last];
  if (run === undefined) return;
  const isFirst = ({ attempt, startedAtMs, endedAtMs }: Run) =>
    attempt === 0 || (endedAtMs ?? atMs) - startedAtMs >= lastedMs;
  const first = runs.slice(0, last + 1).findLast(isFirst) ?? runs[0];
  const withinMs = Math.max(0, atMs - (first?.endedAtMs ?? atMs));
  await noteInRunRecord(runDir(stateDir, id), run, { givenUp: { atMs, restarts, withinMs } });
}

/** Waits until the output of a run that has ended is in its spool. Processes that it left may still print. */
async function awaitLastOutput(dir: RunDir, { nowMs, sleep }: WaitClock): Promise<void> {
  const deadlineMs = nowMs() + lastOutputMs;
  while (isOutputRead(dir) && nowMs() < deadlineMs) await sleep(outputPollMs);
}

/** Notes the stop of a service with its last run, for the process that will record how that run ended. */
export async function noteStopOf(
  { store, stateDir }: Supervision,
  { projectDir, name, generation }: RequestedStop,
): Promise<void> {
  const last = (await store.runs.listOfService(projectDir, name)).at(-1);
  if (last) noteStop(runDir(stateDir, last.id), generation);
}

/**
 * Records that the run was stopped, if a command could only note that with `noteStop`. Returns whether there
 * is such a note. Does nothing more if the service has been started again since.
 */
export async function recordNotedStop({ store, stateDir, self }: Supervision, run: Run): Promise<boolean> {
  const generation = findNotedStop(runDir(stateDir, run.id));
  if (generation === undefined) return false;
  await store.services.killUnlessNewer({ projectDir: run.projectDir, name: run.serviceName }, generation, self);
  return true;
}

/**
 * Deletes what a service's last run was started with, which was kept for a restart that will not happen now. The caller
 * must hold the service lock.
 */
export async function dropLastLaunch(
  { store, stateDir }: Supervision,
  { projectDir, name }: ServiceKey,
): Promise<void> {
  const last = (await store.runs.listOfService(projectDir, name)).at(-1);
  if (last?.endedAtMs != null) await removeFile(runDir(stateDir, last.id).launch);
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: NodeJS.ErrnoException) => {
    // A file replaced the directory, so the file to delete does not exist. On a read-only disk, the file is deleted later.
    if (error.code !== 'ENOTDIR' && writeProblemOf(error) === undefined) throw error;
  });
}

/**
 * Records the current members of the run, so that a process that later loses all other marks is still recognised by its
 * pid and start time. Most runs never need this, so a full disk does not make a successful start fail.
 */
export async function recordMembers(
  supervision: Supervision,
  run: Run,
  processSnapshot?: ProcessSnapshot,
): Promise<void> {
  const marks = await marksOfRun(supervision, run);
  if (!marks) return;
  const { members } = findMembers(
    processSnapshot ?? takeProcessSnapshot(supervision.processes, marks.shim?.startToken),
    marks,
  );
  const recorded = members.map(({ pid, startToken, sid }) => ({ pid, startToken, sid }));
  if (JSON.stringify(recorded) === JSON.stringify(marks.recorded)) return;
  const path = runDir(supervision.stateDir, run.id).members;
  // Several commands may wait for the same run: the rename makes each write atomic.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify(recorded), { mode: 0o600 })
    .then(() => rename(draft, path))
    .catch(() => rm(draft, { force: true }));
}

/**
 * Waits for an optional write to the database and ignores its failure. If the disk is full, a running service keeps
 * running, and the missing information is observed again later.
 */
export async function noteInStore<T>(note: Promise<T>): Promise<T | undefined> {
  try {
    return await note;
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return undefined;
  }
}
