import { existsSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultLogLimits, type LogLimits } from '@candle/core/config';
import { isShimAlive, type Run, runDir, spoolMark } from '@candle/core/runs';
import { tryToWrite, unlinkIfPresent, writeProblemOf } from '@candle/core/system';
import { evictOutput, isDiskNearlyFull } from '../ingest/evict-output.ts';
import { type Ingest, ingestRun, punchHole, segmentBytesOf } from '../ingest/ingest-run.ts';
import { findLaunch } from '../launch/launch.ts';
import { isStopCommandRunning } from '../stop/run-stop-command.ts';
import type { Supervision } from '../supervision.ts';
import { openHeldPipe } from './held-pipe.ts';
import { keepReading } from './keep-reading.ts';
import { recordExit } from './record-exit.ts';
import type { RequestedStops } from './requested-stops.ts';
import { watchReadiness } from './watch-readiness.ts';

/** Poll interval for a run without a shim, because no event reports its end, and after a failure. */
const latePollMs = 1_000;
/** Poll interval for a run that is just being started. */
const startPollMs = 25;
/** How long the output of an ended run may take to reach its spool on a busy machine, before the spool is removed. */
const finishReadingMs = 5_000;
/** If the output is older than this when the copy begins, its times are approximate. */
const exactWithinMs = 100;

export interface MonitoredRun {
  /** As it was when monitoring began. */
  readonly run: Run;
  /** Resolves when the run has ended and its output is copied. */
  readonly done: Promise<void>;
  /** Stops monitoring; the run continues. */
  close(): Promise<void>;
}

export interface MonitorEffects {
  readonly onUnfreed: () => void;
  readonly onFailed: (error: unknown) => void;
}

/** Monitors one run until it ends: copies its output and records its exit. */
export function monitorRun(
  supervision: Supervision,
  run: Run,
  { requestedStops, onUnfreed, onFailed }: MonitorEffects & { readonly requestedStops: RequestedStops },
): MonitoredRun {
  const effects = { onUnfreed, onFailed: oncePerCause(onFailed) };
  const dir = runDir(supervision.stateDir, run.id);
  const closing = new AbortController();
  const stopReading = new AbortController();
  let ingest: Ingest | undefined;
  let reading: Promise<void> = Promise.resolve();
  let readiness: AbortController | undefined;

  const pause = (ms: number) => sleep(ms, undefined, { signal: closing.signal }).catch(() => undefined);

  /** A step that fails is tried again after a pause, and does not prevent the other steps. */
  const attempt = async <T>(step: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await step();
    } catch (error) {
      effects.onFailed(error);
      return undefined;
    }
  };

  /** Whether the output is being copied. */
  const isCopying = async (): Promise<boolean> => {
    if (ingest === undefined && existsSync(dir.spool)) {
      ingest = openIngest(supervision, run, effects, findLaunch(dir)?.logs);
      reading = attempt(() =>
        keepReading(supervision, run, { signal: stopReading.signal, onFailed: effects.onFailed }),
      );
    }
    return ingest !== undefined;
  };

  const monitor = async () => {
    while (!closing.signal.aborted) {
      const isCopied = await attempt(isCopying);
      if (isCopied) await attempt(awaitShimEnd);
      if (closing.signal.aborted) return;
      const fate = await attempt(() => recordExit(supervision, run.id, requestedStops));
      if (fate === 'over') break;
      const isEarly = isCopied !== undefined && (fate === 'shim-alive' || fate === 'starting');
      await pause(isEarly ? startPollMs : latePollMs);
    }
    const { signal } = closing;
    await Promise.race([reading, sleep(finishReadingMs, undefined, { signal, ref: false }).catch(() => undefined)]);
    if (!closing.signal.aborted) await attempt(finishCopy);
    stopReading.abort();
  };

  const finishCopy = async () => {
    if (!(await isCopying())) return;
    const finished = await ingest?.finish();
    if (finished?.isWhole && !isStopCommandRunning(supervision, dir)) unlinkIfPresent(dir.spool);
  };

  const awaitShimEnd = async () => {
    // The shim alone holds it open, and is gone a few milliseconds after it wrote its exit record.
    const exitPipe = openHeldPipe(dir.exitPipe, () => isShimAlive(dir));
    if (readiness === undefined) {
      readiness = new AbortController();
      watchReadiness(supervision, run, readiness.signal).catch(effects.onFailed);
    }
    await Promise.race([exitPipe.ended, new Promise<void>((resolve) => onAbort(closing.signal, resolve))]);
    exitPipe.close();
  };

  return {
    run,
    done: monitor().finally(() => readiness?.abort()),
    close: async () => {
      closing.abort();
      stopReading.abort();
      await ingest?.close();
    },
  };
}

/** Reports each problem once, because what fails is tried again. */
function oncePerCause(report: (error: unknown) => void): (error: unknown) => void {
  const reported = new Set<string>();
  return (error) => {
    const cause = String(writeProblemOf(error) ?? error);
    if (!reported.has(cause)) report(error);
    reported.add(cause);
  };
}

function onAbort(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) then();
  else signal.addEventListener('abort', () => then(), { once: true });
}

/** Starts to copy the output of a run. Output that already exists may be older than the copy. */
export function openIngest(
  supervision: Supervision,
  run: Run,
  effects: MonitorEffects,
  limits: LogLimits = defaultLogLimits,
): Ingest {
  const { stateDir, clock, onActivity } = supervision;
  const dir = runDir(stateDir, run.id);
  const nowMs = () => clock.nowMs();
  const key = { projectDir: run.projectDir, name: run.serviceName };
  return ingestRun(
    dir,
    { segmentBytes: segmentBytesOf(limits), isApproximate: isOlder(dir.spool, nowMs()) },
    {
      nowMs,
      onStep: () => onActivity?.(`copying the output of ${run.serviceName} (run ${run.id})`),
      freeSpool: punchHole,
      onUnfreed: effects.onUnfreed,
      onRewritten: () => tryToWrite(() => writeFileSync(dir.reopensOutput, '')),
      onRolled: (isDiskFull) => evictOutput(supervision, key, { isCopied: (runId) => runId === run.id, isDiskFull }),
      isDiskFull: () => isDiskNearlyFull(dir.path),
      onFailed: effects.onFailed,
    },
  );
}

function isOlder(spool: string, nowMs: number): boolean {
  const stats = statSync(spool, { throwIfNoEntry: false });
  return stats !== undefined && stats.size > spoolMark.length && nowMs - stats.birthtimeMs > exactWithinMs;
}
