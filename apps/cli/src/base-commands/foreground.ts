import { constants } from 'node:os';
import { attendSupervisor, listOwnedRuns, type OnWaiting, type Supervision, stopOwnedRuns } from '@candle/supervisor';

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** A shell reports that signal N ended a program as exit code 128 + N. */
const signalOffset = 128;

/** A command whose services end with it. */
export interface Foreground {
  /** Aborted by the first signal that asks the command to end. A second one ends it at once. */
  readonly signal: AbortSignal;
  /** The exit code for the signal; undefined if there was none. */
  exitCode(): number | undefined;
  close(): void;
}

/** From now on, a signal does not end this process, so that it can stop what it has started. */
export function openForeground(): Foreground {
  const ending = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (name: (typeof endSignals)[number]) => {
    if (exitCode !== undefined) process.exit(exitCode);
    exitCode = signalOffset + constants.signals[name];
    ending.abort(new Error(`Ended by ${name}`));
  };
  // The usual reaction would end the process.
  process.removeAllListeners('SIGINT');
  for (const name of endSignals) process.on(name, onSignal);
  return {
    signal: ending.signal,
    exitCode: () => exitCode,
    close: () => {
      for (const name of endSignals) process.off(name, onSignal);
    },
  };
}
