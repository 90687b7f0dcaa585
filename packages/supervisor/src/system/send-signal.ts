/** `gone`: no process has this pid or group; `refused`: it belongs to another user. */
export type SignalResult = 'sent' | 'gone' | 'refused';

/** Sends a signal to a pid, or to a process group by its negative id. Signal 0 only checks whether the target exists. */
export type SendSignal = (target: number, signal: NodeJS.Signals | 0) => SignalResult;

/** The only place where Candle signals a process. */
export const sendSignal: SendSignal = (target, signal) => {
  // 0 is our own group, -1 is every process we may signal, and 1 is init. None of them is ever an intended target.
  if (!Number.isSafeInteger(target) || Math.abs(target) <= 1) return 'gone';
  try {
    process.kill(target, signal);
    return 'sent';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') return 'gone';
    if (code === 'EPERM') return 'refused';
    throw error;
  }
};
