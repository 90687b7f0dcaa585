import { readFileSync } from 'node:fs';
import { readOpenFiles } from '../launch/process-context.ts';
import type { Supervision } from '../supervision.ts';
import { callSupervisor } from './call-supervisor.ts';
import { claimSupervisorStart } from './claim-start.ts';
import { isBetter } from './is-better.ts';
import { isSupervisorNeeded } from './is-needed.ts';
import { type StartedWatchdog, type SupervisorProgram, startWatchdog, supervisorLogPath } from './start-watchdog.ts';
import { findSupervisor } from './supervisor-record.ts';

/** A supervisor answers within milliseconds; on a machine that stands still it may take some seconds. */
const answerTimeoutMs = 5_000;
/** From the start of a watchdog to the first answer it takes some 150 ms. */
const startTimeoutMs = 5_000;
const pollMs = 20;
/**
 * Share of its time. A command that starts a hundred services is too busy itself to hear an answer in time, so that its
 * silence says nothing about the supervisor; one that waits for it does nothing else.
 */
const maxOwnWork = 0.5;

/** How it stands with the supervisor, where that is worth a word. */
export type SupervisorTrouble =
  | { readonly kind: 'silent'; readonly pid: number; readonly startedAtMs: number }
  | { readonly kind: 'failed'; readonly lastLines: readonly string[] };

const underWay = new Map<string, Promise<SupervisorTrouble | undefined>>();

/**
 * Sees to it that this state directory has a supervisor of this version or a newer one, with as many files as this
 * process may have, and that it looks at the ledger now. Services run without one: what goes wrong is told, never thrown.
 */
export function ensureSupervisor(supervision: Supervision): Promise<SupervisorTrouble | undefined> {
  const { stateDir, supervisorProgram } = supervision;
  if (supervisorProgram === undefined) return Promise.resolve(undefined);
  // Several services that are started at once need it once; it finds the others in the ledger by itself.
  const known = underWay.get(stateDir);
  if (known) return known;
  const sinceBegin = performance.eventLoopUtilization();
  const ensured = ensure(supervision, supervisorProgram)
    .then((trouble) => {
      const { utilization } = performance.eventLoopUtilization(sinceBegin);
      return utilization > maxOwnWork ? undefined : trouble;
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
 * Starts a supervisor when something runs and none lives, without waiting for it: what every command does on its way out,
 * so that one that was killed together with its watchdog comes back.
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
  return { kind: 'failed', lastLines: lastWords(stateDir) };
}

/** Enough for an error and where it was thrown. */
const wordsShown = 10;

function lastWords(stateDir: string): readonly string[] {
  try {
    return readFileSync(supervisorLogPath(stateDir), 'utf8').trimEnd().split('\n').slice(-wordsShown);
  } catch {
    return [];
  }
}
