import { existsSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultLogLimits, type LogLimits, type Run, runDir } from '@candle/core';
import { evictOutput } from '../ingest/evict-output.ts';
import { punchHole } from '../ingest/free-spool.ts';
import { type Ingest, ingestRun, segmentBytesOf } from '../ingest/ingest-run.ts';
import { isDiskFull } from '../ingest/is-disk-full.ts';
import { findLaunch } from '../launch/launch.ts';
import { isStopCommandRunning } from '../stop/run-stop-command.ts';
import type { Supervision } from '../supervision.ts';
import { openExitPipe } from './exit-pipe.ts';
import { recordExit } from './record-exit.ts';
import { watchReadiness } from './watch-readiness.ts';

/** Of a run without a guard, whose end no event tells. */
const memberPollMs = 1_000;
/** Of a run that is just being started. */
const startPollMs = 25;
/** Output that was printed longer before the copy began has no exact time. */
const exactWithinMs = 100;

export interface KeptRun {
  /** It is over, and its output is copied. */
  readonly done: Promise<void>;
  /** Leaves it alone from now on. */
  close(): Promise<void>;
}

export interface KeepEffects {
  readonly onUnfreed: () => void;
  readonly onFailed: (error: unknown) => void;
}

/** Looks after one run until it is over: copies its output and records its end. */
export function monitorRun(supervision: Supervision, run: Run, effects: KeepEffects): KeptRun {
  const dir = runDir(supervision.stateDir, run.id);
  const closing = new AbortController();
  let ingest: Ingest | undefined;
  let readiness: AbortController | undefined;

  const pause = (ms: number) => sleep(ms, undefined, { signal: closing.signal }).catch(() => undefined);

  /** The spool is made when the guard is spawned. */
  const begin = () => {
    if (ingest === undefined && existsSync(dir.spool))
      ingest = openIngest(supervision, run, effects, findLaunch(dir)?.logs);
  };

  const keep = async () => {
    while (!closing.signal.aborted) {
      begin();
      if (ingest) await awaitShimEnd();
      if (closing.signal.aborted) return;
      const fate = await recordExit(supervision, run.id);
      if (fate === 'over') break;
      if (fate !== 'shim-alive' || !ingest) await pause(fate === 'lives on' ? memberPollMs : startPollMs);
    }
    if (closing.signal.aborted) return;
    begin();
    const finished = await ingest?.finish();
    if (finished?.isWhole && !isStopCommandRunning(supervision, dir)) rmSync(dir.spool, { force: true });
  };

  const awaitShimEnd = async () => {
    const exitPipe = openExitPipe(dir);
    if (readiness === undefined && run.status !== 'ready') {
      readiness = new AbortController();
      watchReadiness(supervision, run, readiness.signal).catch(effects.onFailed);
    }
    await Promise.race([exitPipe.ended, new Promise<void>((resolve) => onAbort(closing.signal, resolve))]);
    exitPipe.close();
  };

  return {
    done: keep()
      .catch(effects.onFailed)
      .finally(() => readiness?.abort()),
    close: async () => {
      closing.abort();
      await ingest?.close();
    },
  };
}

function onAbort(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) then();
  else signal.addEventListener('abort', () => then(), { once: true });
}

/** Copies the output of a run; the first time what is there may be older than the copy. */
export function openIngest(
  supervision: Supervision,
  run: Run,
  effects: KeepEffects,
  limits: LogLimits = defaultLogLimits,
): Ingest {
  const { stateDir, clock } = supervision;
  const dir = runDir(stateDir, run.id);
  const nowMs = () => clock.nowMs();
  const key = { projectDir: run.projectDir, name: run.serviceName };
  return ingestRun(
    dir,
    { segmentBytes: segmentBytesOf(limits), isApproximate: isOlder(dir.spool, nowMs()) },
    {
      nowMs,
      freeSpool: punchHole,
      onUnfreed: effects.onUnfreed,
      onRolled: (isDiskFull) => evictOutput(supervision, key, { isCopied: (runId) => runId === run.id, isDiskFull }),
      isDiskFull: () => isDiskFull(dir.path),
      onFailed: effects.onFailed,
    },
  );
}

function isOlder(spool: string, nowMs: number): boolean {
  const stats = statSync(spool, { throwIfNoEntry: false });
  return stats !== undefined && stats.size > 0 && nowMs - stats.birthtimeMs > exactWithinMs;
}
