import type { Run, ServiceKey } from '@candle/core';
import { type ObservedRun, observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { type AwaitReadyOptions, awaitReady, type ReadyOutcome } from './await-ready.ts';

const pollMs = 25;

export type ServiceReadiness =
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
  { timeoutMs, signal }: AwaitReadyOptions,
): Promise<ServiceReadiness> {
  const { waiting, store } = supervision;
  const deadlineMs = waiting.nowMs() + timeoutMs;
  for (let hasRun = false; ; ) {
    signal?.throwIfAborted();
    const active = await store.runs.findActive(key.projectDir, key.name);
    const leftMs = Math.max(0, deadlineMs - waiting.nowMs());
    hasRun ||= active !== undefined && (await observeRun(supervision, active)).isAlive;
    const outcome = active && (await awaitReady(supervision, active, { timeoutMs: leftMs, signal }));
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
