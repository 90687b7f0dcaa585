import { defaultReadyCheck, isShimAlive, nextStatus, type Run, runDir } from '@candle/core';
import { findLaunch, type Launch } from '../launch/launch.ts';
import { noteInStore } from '../observe/note-in-store.ts';
import { type ObservedRun, observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { openReadyProbe } from './ready-probe.ts';
import { ReadyWatch } from './ready-watch.ts';

export type ReadyOutcome =
  | { readonly kind: 'ready'; readonly run: Run }
  /** `awaited`: what was not yet there, as a part of a sentence. */
  | { readonly kind: 'timeout'; readonly run: Run; readonly awaited: string }
  | { readonly kind: 'ended'; readonly observed: ObservedRun };

/** Between two looks whether the run lives, or somebody else has seen it to be ready. */
const pollMs = 20;
/** The same for a run without its guard: only a look at all processes tells whether it lives. */
const shimlessPollMs = 250;
/** An answer that has just been asked for is waited for, also when there is no time to wait. */
const shortestWaitMs = 250;

export interface AwaitReadyOptions {
  /** From now on; 0 looks once. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What the run was started with, as far as its readiness goes; the default when its file cannot be read any more. */
export function readinessOf({ stateDir }: Supervision, run: Run): Pick<Launch, 'ready' | 'env'> {
  return findLaunch(runDir(stateDir, run.id)) ?? { ready: defaultReadyCheck, env: {} };
}

/** Waits until a run is ready, which it then stays until it ends; tells the ledger. */
export async function awaitReady(
  supervision: Supervision,
  run: Run,
  { timeoutMs, signal }: AwaitReadyOptions,
): Promise<ReadyOutcome> {
  const launch = readinessOf(supervision, run);
  const watch = new ReadyWatch(openReadyProbe(supervision, run, launch), {
    intervalMs: launch.ready.intervalMs,
    nowMs: supervision.waiting.nowMs,
  });
  const close = () => watch.close();
  const timer = setTimeout(close, Math.max(timeoutMs, shortestWaitMs));
  signal?.addEventListener('abort', close, { once: true });
  try {
    return await poll(supervision, run, watch, { timeoutMs, signal });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', close);
    close();
  }
}

async function poll(
  supervision: Supervision,
  run: Run,
  watch: ReadyWatch,
  { timeoutMs, signal }: AwaitReadyOptions,
): Promise<ReadyOutcome> {
  const { waiting } = supervision;
  const deadlineMs = waiting.nowMs() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const isLast = waiting.nowMs() >= deadlineMs;
    // Asked before the run is: what was ready for the moment before its end was not.
    const isReady = isLast ? await watch.checkNow() : watch.check();
    const now = await findLiving(supervision, run);
    if ('observed' in now) return { kind: 'ended', observed: now.observed };
    if (isReady || now.run.status === 'ready') return { kind: 'ready', run: await markReady(supervision, now.run) };
    if (isLast) return { kind: 'timeout', run: now.run, awaited: watch.awaited };
    const pauseMs = now.hasShim ? pollMs : shimlessPollMs;
    await waiting.sleep(Math.max(1, Math.min(pauseMs, deadlineMs - waiting.nowMs())));
  }
}

/** The row of the run as it is now while it lives, else how it has ended. */
async function findLiving(
  supervision: Supervision,
  run: Run,
): Promise<{ readonly run: Run; readonly hasShim: boolean } | { readonly observed: ObservedRun }> {
  const { projectDir, serviceName } = run;
  const { runs } = supervision.store;
  const now = await runs.findActive(projectDir, serviceName);
  if (now?.id === run.id && isShimAlive(runDir(supervision.stateDir, run.id))) return { run: now, hasShim: true };
  const row = (await runs.listOfService(projectDir, serviceName)).find(({ id }) => id === run.id) ?? run;
  const observed = await observeRun(supervision, row);
  return observed.isAlive ? { run: { ...row, status: observed.status }, hasShim: false } : { observed };
}

/** Only what runs becomes ready: a stop that has begun meanwhile goes on. */
export async function markReady({ store }: Supervision, run: Run): Promise<Run> {
  const status = nextStatus(run.status, 'served');
  if (status !== run.status) await noteInStore(store.runs.setStatus(run.id, status));
  return { ...run, status };
}
