import type { Supervision } from '../supervision.ts';
import { ensureSupervisor } from './ensure-supervisor.ts';
import { connectTo } from './protocol.ts';

/** How soon to look for a supervisor again after the connection was lost or refused. */
const reconnectAfterMs = 500;

/**
 * Keeps a connection to the supervisor open until the signal, so that it notices at once when this process is killed.
 * If the supervisor ends, starts another one.
 */
export async function attendSupervisor(supervision: Supervision, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await ensureSupervisor(supervision);
    const socket = await connectTo(supervision.stateDir);
    if (socket) {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      const end = () => socket.destroy();
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      // Nothing is sent, but without reading, the end of the connection would not be noticed.
      socket.resume();
      await closed;
      signal.removeEventListener('abort', end);
    }
    if (!signal.aborted) await supervision.waiting.sleep(reconnectAfterMs);
  }
}
