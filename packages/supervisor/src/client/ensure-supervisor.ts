import { readFileSync } from 'node:fs';
import { readOpenFiles } from '../launch/launch.ts';
import type { Supervision, SupervisorTrouble } from '../supervision.ts';
import { callSupervisor } from './call-supervisor.ts';
import { claimSupervisorStart } from './claim-start.ts';
import { isBetter } from './is-better.ts';
import { isSupervisorNeeded } from './is-needed.ts';
import { type StartedWatchdog, type SupervisorProgram, startWatchdog, supervisorLogPath } from './start-watchdog.ts';
import { findSupervisor } from './supervisor-record.ts';

/** A supervisor answers within milliseconds, but on an overloaded machine it may take several seconds. */
const answerTimeoutMs = 5_000;
/** The first answer arrives about 150 ms after the start of the watchdog. */
const startTimeoutMs = 5_000;
const pollMs = 20;
/**
 * Maximum utilization of this process's event loop. A command that starts a hundred services may be too busy to receive
 * an answer in time, so a missing answer then says nothing about the supervisor. A command that only waits is idle.
 */
const maxOwnUtilization = 0.5;

const underWay = new Map<string, Promise<SupervisorTrouble | undefined>>();

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
  const ensured = ensure(supervision, supervisorProgram)
    .then((trouble) => {
      const { utilization } = performance.eventLoopUtilization(sinceBegin);
      return utilization > maxOwnUtilization ? undefined : trouble;
    })
    .catch((): SupervisorTrouble => ({ kind: 'failed', lastLines: [] }))
    .finally(() => underWay.delete(stateDir));
  underWay.set(stateDir, ensured);
  return ensured;
}

async function ensure(supervision: Supervision, program: SupervisorProgram): Promise<SupervisorTrouble | undefined> {
  const { stateDir, waiting, clock, processes } = supervision;
  const deadlineMs = waiting.nowMs() + startTimeoutMs;
  let watchdog: StartedWatchdog | undefined;
  for (;;) {
    const answer = await callSupervisor(stateDir, (remote) => remote.hello(), { timeoutMs: answerTimeoutMs });
    if (answer.kind === 'answered') {
      if (!isBetter({ version: program.version, openFiles: readOpenFiles() }, answer.value)) return undefined;
      await callSupervisor(stateDir, (remote) => remote.leave(), { timeoutMs: answerTimeoutMs });
    }
    const record = findSupervisor(stateDir, processes);
    if (answer.kind === 'silent' && record) return { kind: 'silent', ...record };
    if (watchdog?.hasGivenUp() || waiting.nowMs() > deadlineMs) return explain(supervision);
    if (!record && !watchdog && claimSupervisorStart(stateDir, clock.nowMs())) {
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
  if (supervisorProgram === undefined || findSupervisor(stateDir, processes)) return;
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
