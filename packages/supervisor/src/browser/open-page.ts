import { closeInherited } from '../system/close-inherited.ts';
import type { WaitClock } from '../system/wait-clock.ts';

/** An opener that finds no browser says so within some 100 ms; one that stays longer is the browser itself. */
const failureTimeoutMs = 1_000;
const pollMs = 20;

/** Shows a page in the person's browser; false when the system could not. */
export async function openPage(url: string, waiting: WaitClock): Promise<boolean> {
  // Imported late: only this one command needs it.
  const { default: open } = await import('open');
  try {
    // A browser would keep open what this process has from its caller.
    closeInherited();
    const opener = await open(url);
    const deadlineMs = waiting.nowMs() + failureTimeoutMs;
    while (opener.exitCode === null && opener.signalCode === null && waiting.nowMs() < deadlineMs) {
      await waiting.sleep(pollMs);
    }
    return opener.signalCode === null && (opener.exitCode ?? 0) === 0;
  } catch {
    return false; // there is no xdg-open
  }
}
