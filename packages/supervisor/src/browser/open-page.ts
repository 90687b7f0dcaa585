import { closeInherited } from '../system/close-inherited.ts';
import type { WaitClock } from '../system/wait-clock.ts';

/** An opener that finds no browser fails within about 100 ms. One that runs longer is the browser itself. */
const failureTimeoutMs = 1_000;
const pollMs = 20;

/** Opens a page in the user's browser. Returns false if the system could not. */
export async function openPage(url: string, waiting: WaitClock): Promise<boolean> {
  // Loaded on demand: only one command needs it.
  const { default: open } = await import('open');
  try {
    // The browser would otherwise keep file descriptors open that this process inherited from its caller.
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
