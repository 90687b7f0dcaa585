import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { isShimAlive, type Run, runDir } from '@candle/core/runs';
import { readKnownServices, resolveNames } from '@candle/core/services';
import { findLaunch } from '../launch/launch.ts';
import type { Supervision } from '../supervision.ts';
import { InputNotEnabledError, InputNotReadError, InputNotRunningError } from './errors.ts';

/** How long to wait for a program that does not read. The kernel buffers 64 KiB for it. */
const timeoutMs = 5_000;
const pollMs = 10;

export interface SendInput {
  readonly projectDir: string;
  readonly name: string;
  /** A line of text without its end, or bytes to send unchanged. The service does not see an end of file. */
  readonly input: string | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface SentInput {
  readonly run: Run;
  readonly sentBytes: number;
}

/**
 * Writes to the stdin of a running service, or types into its terminal.
 * @throws InputNotRunningError, InputNotEnabledError, InputNotReadError
 */
export async function send(supervision: Supervision, { projectDir, name, input }: SendInput): Promise<SentInput> {
  resolveNames(await readKnownServices(supervision, projectDir), [name]);
  const run = await supervision.store.runs.findActive(projectDir, name);
  const dir = run && runDir(supervision.stateDir, run.id);
  if (!run || !dir || !isShimAlive(dir)) throw new InputNotRunningError({ projectDir, name });
  const launch = findLaunch(dir);
  if (!launch?.enableStdin) throw new InputNotEnabledError(run, { hasTerminal: launch?.tty });
  const fd = openInput(dir.in);
  if (fd === undefined) throw new InputNotRunningError({ projectDir, name });
  let sentBytes = 0;
  try {
    // The Enter key sends a carriage return. A terminal turns it into a newline, unless the program reads single keys.
    const bytes = typeof input === 'string' ? [Buffer.from(`${input}${launch.tty ? '\r' : '\n'}`)] : input;
    for await (const chunk of bytes) {
      for (let rest = chunk; rest.length > 0; ) {
        const taken = await writeSome(supervision, fd, rest);
        if (taken === undefined) throw new InputNotRunningError({ projectDir, name });
        if (taken === 0) throw new InputNotReadError(run, sentBytes, timeoutMs);
        sentBytes += taken;
        rest = rest.subarray(taken);
      }
    }
  } finally {
    closeSync(fd);
  }
  return { run, sentBytes };
}

/** Undefined if no process has it open for reading any more. */
function openInput(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** Returns the number of bytes that were accepted: 0 after the timeout, undefined if the service has ended. */
async function writeSome({ waiting }: Supervision, fd: number, bytes: Uint8Array): Promise<number | undefined> {
  for (const deadlineMs = waiting.nowMs() + timeoutMs; ; ) {
    try {
      return writeSync(fd, bytes);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') return undefined;
      if (code !== 'EAGAIN') throw error;
    }
    if (waiting.nowMs() >= deadlineMs) return 0;
    await waiting.sleep(pollMs);
  }
}
