/** `gone`: nobody has this pid or group; `refused`: it belongs to another user. */
export type SignalResult = 'sent' | 'gone' | 'refused';

/** Sends to a pid, or to a process group by its negative id; signal 0 only asks. */
export type SendSignal = (target: number, signal: NodeJS.Signals | 0) => SignalResult;

/** The one place where Candle signals a process. */
export const sendSignal: SendSignal = (target, signal) => {
  // 0 is our own group, -1 everything we may signal, 1 is init: never meant, however they came here.
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
