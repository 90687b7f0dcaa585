import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOutputRead, isShimAlive, type Run, runDir } from '@candle/core/runs';
import { startReader } from '../launch/output-reader.ts';
import { marksOfRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { sendSignal } from '../system/send-signal.ts';
import { openHeldPipe } from './held-pipe.ts';

/** Pause after a reader that could not be started, failed, or found no writer. One that was killed is replaced at once. */
const failedPauseMs = 250;

/**
 * Replaces the reader of a run whose output is a pipe whenever it is killed, until no process can print any more. As long as
 * this process has the pipe open for reading, what it contains is kept although nobody else may have it open.
 */
export async function keepReading(
  supervision: Supervision,
  run: Run,
  { signal, onFailed }: { signal: AbortSignal; onFailed: (error: unknown) => void },
): Promise<void> {
  const { callerEnv, stateDir } = supervision;
  const dir = runDir(stateDir, run.id);
  if (!existsSync(dir.output)) return;
  const kept = openSync(dir.output, constants.O_RDONLY | constants.O_NONBLOCK);
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  try {
    while (!signal.aborted) {
      const reader = openHeldPipe(dir.reader, () => isOutputRead(dir));
      await Promise.race([reader.ended, aborted]);
      reader.close();
      if (signal.aborted) return;
      try {
        const { exited } = await startReader(dir, { path: callerEnv.PATH, stateDir });
        const exitCode = await Promise.race([exited, aborted]);
        if (exitCode === 0 && !(await replaceRelay(supervision, run))) return;
        if (exitCode !== undefined) await sleep(failedPauseMs, undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        onFailed(error);
        await sleep(failedPauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    closeSync(kept);
  }
}

/** Lets the shim of a run in a terminal start a relay, because none is left. Returns whether there is going to be one. */
async function replaceRelay(supervision: Supervision, run: Run): Promise<boolean> {
  const dir = runDir(supervision.stateDir, run.id);
  if (!existsSync(dir.session) || !isShimAlive(dir)) return false;
  const { relaySignal } = await import('../launch/terminal.ts');
  const shim = (await marksOfRun(supervision, run))?.shim;
  return shim !== undefined && supervision.processes.isAlive(shim) && sendSignal(shim.pid, relaySignal) === 'sent';
}
