import type { CandleError, Hint } from '@candle/core/errors';
import { readLastLines } from '@candle/core/logs';
import type { Run } from '@candle/core/runs';
import type { ServiceDefinition, ServiceKey } from '@candle/core/services';
import { localTime } from '@candle/core/system';
import { readinessOf } from '../launch/launch.ts';
import { type ObservedRun, observeRun } from '../observe/observe-run.ts';
import { checkPort, describePortCheck } from '../port-check/check-port.ts';
import type { Supervision } from '../supervision.ts';
import { type AwaitReadyOptions, awaitReady, type ReadyOutcome } from './await-ready.ts';
import { ServiceEndedUnreadyError, ServiceNotReadyError, ServiceNotRunningError } from './errors.ts';
import { findLostReadiness } from './lost-readiness.ts';
import { needsReservedPort } from './open-ready-probe.ts';

type Awaitable = Pick<ServiceDefinition, 'projectDir' | 'name' | 'ready'>;

/**
 * Waits until a started service is ready and returns its run, or undefined if it did its work and exited with code 0.
 * The timeout counts from `beganMs`.
 * @throws ServiceNotReadyError, ServiceEndedUnreadyError, ServiceNotRunningError
 */
export async function requireReady(
  supervision: Supervision,
  key: Awaitable,
  { beganMs, ...options }: AwaitReadyOptions & { readonly beganMs: number },
): Promise<Run | undefined> {
  const { waiting } = supervision;
  const leftMs = Math.max(0, beganMs + options.timeoutMs - waiting.nowMs());
  const readiness = await awaitServiceReady(supervision, key, { ...options, timeoutMs: leftMs });
  if (readiness.kind === 'ready') return readiness.run;
  if (readiness.kind === 'ended' && hasFinished(key, readiness.observed)) return undefined;
  throw await unreadyError(supervision, key, readiness, { beganMs, timeoutMs: options.timeoutMs });
}

/**
 * Whether a run that is over did its work: it exited with code 0 by itself. With a configured readiness check, it should have
 * become ready.
 */
function hasFinished({ ready: { kind } }: Awaitable, { run, exitCode }: ObservedRun): boolean {
  const hasCheck = kind !== 'reserved-port' && kind !== 'none' && kind !== 'done';
  return exitCode === 0 && run.endReason !== 'stopped' && !hasCheck;
}

/** Fails if a run that has exited with code 0 should have become ready. @throws ServiceEndedUnreadyError */
export async function requireFinished(supervision: Supervision, service: Awaitable, { id }: Run): Promise<void> {
  const run = await supervision.store.runs.find(id);
  const observed = run && (await observeRun(supervision, run));
  if (!observed || observed.isAlive || hasFinished(service, observed)) return;
  const { reportEnd } = await import('../launch/explain-end.ts');
  throw new ServiceEndedUnreadyError(observed, await reportEnd(supervision, observed.run, observed));
}

const pollMs = 25;

type ServiceReadiness =
  | ReadyOutcome
  /** The service was not running, and no process was starting it. `last`: the previous run, if any. */
  | { readonly kind: 'idle'; readonly last: ObservedRun | undefined };

/**
 * Waits until a service is ready, in whichever run: a run that replaces another one in the meantime, or that is just
 * being started, counts too.
 */
export async function awaitServiceReady(
  supervision: Supervision,
  key: ServiceKey,
  { timeoutMs, ...options }: AwaitReadyOptions,
): Promise<ServiceReadiness> {
  const { waiting, store } = supervision;
  const deadlineMs = waiting.nowMs() + timeoutMs;
  for (let hasRun = false; ; ) {
    options.signal?.throwIfAborted();
    const active = await store.runs.findActive(key.projectDir, key.name);
    const leftMs = Math.max(0, deadlineMs - waiting.nowMs());
    hasRun ||= active !== undefined && (await observeRun(supervision, active)).isAlive;
    const outcome = active && (await awaitReady(supervision, active, { ...options, timeoutMs: leftMs }));
    if (outcome && outcome.kind !== 'ended') return outcome;
    const last = (await store.runs.listOfService(key.projectDir, key.name)).at(-1);
    const isReplaced = last !== undefined && last.endedAtMs === null && last.id !== active?.id;
    if (leftMs === 0 || !(isReplaced || (await isBeingStarted(supervision, key, last)))) {
      const observed = last && (await observeRun(supervision, last));
      return hasRun && observed ? { kind: 'ended', observed } : { kind: 'idle', last: observed };
    }
    await waiting.sleep(pollMs);
  }
}

/** Whether a live process has requested a run that does not exist yet. */
async function isBeingStarted({ store, processes }: Supervision, key: ServiceKey, last: Run | undefined) {
  const service = await store.services.find(key);
  return (
    service?.request.verb === 'start' &&
    service.request.generation > (last?.generation ?? 0) &&
    processes.isAlive(service.request.owner)
  );
}

/** Creates the error for a service that did not become ready, with its last lines of output. */
export async function unreadyError(
  supervision: Supervision,
  key: ServiceKey,
  readiness: Exclude<ServiceReadiness, { kind: 'ready' }>,
  { beganMs, timeoutMs }: { readonly beganMs: number; readonly timeoutMs: number },
): Promise<CandleError> {
  const reportOf = async (observed: ObservedRun) => {
    const { reportEnd } = await import('../launch/explain-end.ts');
    return reportEnd(supervision, observed.run, observed);
  };
  switch (readiness.kind) {
    case 'unready': {
      const elapsedMs = Math.round((supervision.waiting.nowMs() - beganMs) / 100) * 100;
      const waitedMs = readiness.isEarly ? Math.min(elapsedMs, timeoutMs) : timeoutMs;
      const missing = { waitedMs, ...(await whatIsMissing(supervision, readiness)) };
      return new ServiceNotReadyError(readiness.run, missing, await readLastLines(supervision.stateDir, readiness.run));
    }
    case 'ended':
      return new ServiceEndedUnreadyError(readiness.observed, await reportOf(readiness.observed));
    case 'idle':
      return new ServiceNotRunningError(key, readiness.last, readiness.last && (await reportOf(readiness.last)));
  }
}

/** The port check explains more than a probe without a response: the server may listen on another port, or on none. */
async function whatIsMissing(
  supervision: Supervision,
  { run, awaited }: { run: Run; awaited: string },
): Promise<{ readonly awaited: string; readonly advice: readonly Hint[] }> {
  const lost = findLostReadiness(supervision, run);
  const before = lost === undefined ? [] : [`It was ready before, but has not been since ${localTime(lost.sinceMs)}.`];
  const missing = await whatPortCheckShows(supervision, { run, awaited });
  return { ...missing, advice: [...before, ...missing.advice] };
}

async function whatPortCheckShows(supervision: Supervision, { run, awaited }: { run: Run; awaited: string }) {
  const portCheck = await checkPort(supervision, run);
  if (portCheck?.status === 'ok') return { awaited, advice: [] };
  const adviseOnInput = async () => {
    const { findQuestion } = await import('../input/send.ts');
    const question = await findQuestion(supervision, run);
    return { awaited, advice: question === undefined ? [] : [question] };
  };
  if (portCheck === null) return adviseOnInput();
  const { ready } = readinessOf(supervision, run);
  const described = `it ${describePortCheck(portCheck)}`;
  const fix = portCheck.fix === null ? [] : [portCheck.fix];
  if (ready.kind === 'reserved-port') return { awaited: described, advice: fix };
  if (portCheck.status === 'not-listening') return adviseOnInput();
  if (needsReservedPort(ready)) return { awaited: described, advice: fix };
  return { awaited, advice: [`I${described.slice(1)}.`, ...fix] };
}
