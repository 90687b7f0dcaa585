import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGuardAlive, type RunDir } from '../runs/run-dir.ts';

/** Below what a person notices, and idle enough not to be seen in a list of processes. */
const pollMs = 40;
const blockSize = 64 * 1024;

/** The output of a run from its beginning, as it comes, byte for byte; ends when the main program is over and all is read. */
export async function* followRun(dir: RunDir, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const fd = openSync(dir.spool, 'r');
  try {
    for (let at = 0; !signal?.aborted; ) {
      // Asked before the read: what was printed before the end is then read after it.
      const isOver = !isGuardAlive(dir);
      if (fstatSync(fd).size < at) at = 0;
      const block = Buffer.alloc(blockSize);
      const length = readSync(fd, block, 0, blockSize, at);
      at += length;
      if (length > 0) yield block.subarray(0, length);
      else if (isOver) return;
      else await sleep(pollMs);
    }
  } finally {
    closeSync(fd);
  }
}
