import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOutputRead, type RunDir } from '@candle/core/runs';
import { startReader } from '../launch/output-reader.ts';
import type { Supervision } from '../supervision.ts';
import { openHeldPipe } from './held-pipe.ts';

/** Pause after a reader that could not be started or failed. One that was killed is replaced at once. */
const failedPauseMs = 250;

/**
 * Replaces the reader of a run whose output is a pipe whenever it is killed, until no process can print any more. As long as
 * this process has the pipe open for reading, what it contains is kept although nobody else may have it open.
 */
export async function keepReading(
  { callerEnv, stateDir }: Pick<Supervision, 'callerEnv' | 'stateDir'>,
  dir: RunDir,
  { signal, onFailed }: { signal: AbortSignal; onFailed: (error: unknown) => void },
): Promise<void> {
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
        if (exitCode === 0) return;
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
