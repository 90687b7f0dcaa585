import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { throwIfOutOfFiles } from '@candle/core/system';

export interface HeldPipe {
  /** Resolves when no process holds the pipe open for writing any more. */
  readonly ended: Promise<void>;
  close(): void;
}

/**
 * Waits for the end of the process that holds a FIFO open. Unlike a pid, a FIFO cannot be reused. `isHeld`: whether a process
 * holds it now.
 */
export function openHeldPipe(path: string, isHeld: () => boolean): HeldPipe {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throwIfOutOfFiles(error);
    return { ended: Promise.resolve(), close: () => undefined };
  }
  // A stream on a FIFO without a writer would never report its end.
  if (!isHeld()) {
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
