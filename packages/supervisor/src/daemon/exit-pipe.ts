import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { isShimAlive, type RunDir } from '@candle/core';

export interface ExitPipe {
  /** Resolves as soon as the shim is gone, a few milliseconds after it wrote its exit record. */
  readonly ended: Promise<void>;
  close(): void;
}

/**
 * Waits for the end of a run's shim on the FIFO that the shim alone holds open. Unlike a pid, a FIFO cannot be reused.
 */
export function openExitPipe(dir: RunDir): ExitPipe {
  let fd: number;
  try {
    fd = openSync(dir.exitPipe, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return { ended: Promise.resolve(), close: () => undefined };
  }
  // A stream on a FIFO without a writer would never report its end.
  if (!isShimAlive(dir)) {
    closeSync(fd);
    return { ended: Promise.resolve(), close: () => undefined };
  }
  const socket = new Socket({ fd, readable: true, writable: false });
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'error', 'close']) socket.once(event, () => resolve());
  });
  socket.resume();
  return { ended, close: () => socket.destroy() };
}
