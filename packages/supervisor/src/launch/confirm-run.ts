import { isGuardAlive, nextStatus, type Run, readLastLines, readRecord, runDir } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import { recordMembers } from '../observe/record-members.ts';
import { settleRun } from '../observe/settle-run.ts';
import { tellLedger } from '../observe/tell-ledger.ts';
import { stopRun } from '../stop/stop-run.ts';
import type { Supervision } from '../supervision.ts';
import { portAccepts } from '../system/port-accepts.ts';
import { inTurn } from '../turns/in-turn.ts';
import { ServiceStartFailedError } from './errors.ts';

/** A program that fails at once (a typing mistake, a missing module, a port in use) has ended by then. */
const graceMs = 500;
/** How long a service may take until its port accepts before the start returns all the same. */
const portPatienceMs = 5_000;
/** How long after the end of its parent a daemon may take until its port accepts. */
const daemonPatienceMs = 1_000;
const pollMs = 20;
/** Lines of output that say why a start failed. */
const lastLinesShown = 20;

export type Confirmation =
  /** It runs. `awaitedPort`: its port does not accept connections yet. */
  | { readonly kind: 'running'; readonly awaitedPort?: number }
  /** It did its work and ended with 0. */
  | { readonly kind: 'finished' }
  /** A newer request has ended this run. */
  | { readonly kind: 'overtaken' };

/** Is the start of this living run so far back that there is nothing left to wait for? */
export function isCertain({ clock }: Supervision, { status, port, startedAtMs }: Run): boolean {
  const patienceMs = port === null || status === 'ready' || status === 'detached' ? graceMs : portPatienceMs;
  return clock.nowMs() - startedAtMs >= patienceMs;
}

/**
 * Waits until the start of a run is certain: alive after half a second and, when it has a reserved port, the port
 * accepts or five seconds have passed.
 * @throws ServiceStartFailedError when it ended with another code than 0
 */
export async function confirmRun(supervision: Supervision, run: Run): Promise<Confirmation> {
  const { waiting } = supervision;
  const dir = runDir(supervision.stateDir, run.id);
  const beganMs = waiting.nowMs();
  let isDetached = false;
  for (let serves = run.port === null; ; ) {
    if (!isDetached && !isGuardAlive(dir)) {
      await awaitDaemon(supervision, run);
      const end = await concludeEnd(supervision, run);
      if (end !== 'detached') return end;
      isDetached = true;
    }
    serves ||= run.port !== null && (await portAccepts(run.port));
    const elapsedMs = waiting.nowMs() - beganMs;
    if (elapsedMs >= graceMs && (serves || elapsedMs >= portPatienceMs)) {
      await markConfirmed(supervision, run, { isDetached, serves });
      return run.port === null || serves ? { kind: 'running' } : { kind: 'running', awaitedPort: run.port };
    }
    await waiting.sleep(pollMs);
  }
}

/**
 * A program that ends with 0 may have left a daemon that cut every tie: its port is the only thing to know it by, so it
 * gets a moment to take it.
 */
async function awaitDaemon({ waiting, stateDir }: Supervision, run: Run): Promise<void> {
  if (run.port === null || readRecord(runDir(stateDir, run.id).exit) !== 0) return;
  const untilMs = waiting.nowMs() + daemonPatienceMs;
  while (waiting.nowMs() < untilMs && !(await portAccepts(run.port))) await waiting.sleep(pollMs);
}

async function markConfirmed(
  supervision: Supervision,
  run: Run,
  { isDetached, serves }: { isDetached: boolean; serves: boolean },
): Promise<void> {
  const event = isDetached ? 'left' : serves && run.port !== null ? 'served' : undefined;
  const status = event && nextStatus(run.status, event);
  await tellLedger(supervision.store.runs.confirm(run.id, supervision.clock.nowMs(), status));
  await recordMembers(supervision, run);
}

/** The main program is over before the start was certain: by whom, and is anything of it left? */
async function concludeEnd(supervision: Supervision, run: Run): Promise<Confirmation | 'detached'> {
  const key = { projectDir: run.projectDir, name: run.serviceName };
  const isOvertaken = (service: { ticket: { number: number } }) => service.ticket.number > run.ticket;
  const end = await inTurn(supervision, key, isOvertaken, async (): Promise<Confirmation | 'detached'> => {
    const observed = await observeRun(supervision, run);
    if (observed.isAlive && observed.status === 'detached') return 'detached';
    // Leftovers of a failed start would hold the port of the next one.
    if (observed.isAlive) await stopRun(supervision, run, { reason: 'itself', hasFailed: true });
    else if (observed.exitCode === 0) {
      await settleRun(supervision, observed, 'itself');
      return { kind: 'finished' };
    } else await settleRun(supervision, { ...observed, status: nextStatus(run.status, 'startFailed') }, 'itself');
    const { exitCode, exitSignal } = observed.isAlive ? await observeRun(supervision, run) : observed;
    const lastLines = readLastLines(supervision.stateDir, run, lastLinesShown);
    throw new ServiceStartFailedError({ ...run }, { exitCode, exitSignal }, lastLines);
  });
  return end ?? { kind: 'overtaken' };
}
