import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { isShimAlive, type RunDir } from '@candle/core';

export interface ExitPipe {
  /** Resolves when the guard is gone: at once, some milliseconds after its exit record. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Waits for the end of a run's guard, on the FIFO that it alone holds open: no pid, so none that is reused can deceive. */
export function openExitPipe(dir: RunDir): ExitPipe {
  let fd: number;
  try {
    fd = openSync(dir.exitPipe, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return { ended: Promise.resolve(), close: () => undefined };
  }
  // A stream on a FIFO that nobody writes to would not tell its end.
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
