import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { advise, andThen, candle, type Hint, lines, quote } from '@candle/core/errors';
import { readLastLine } from '@candle/core/logs';
import { isShimAlive, type Run, runDir } from '@candle/core/runs';
import { readKnownServices, resolveNames } from '@candle/core/services';
import { findLaunch, type Launch } from '../launch/launch.ts';
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

/** A line that is complete ends with a question, and possibly with the answers that it allows: `Overwrite? (y/N)`. */
const questionForm = /\?(?:\s*(?:[:>›»]|\([^()]*\)|\[[^[\]]*\]))*$|\bpress (?:any key|enter|return)\b/i;
/** A line without a newline may also be a prompt: `Password:`, `? Name › shop`, `Continue [y/n]`, `(Pdb)`. */
const promptForm = /[:>›»]$|^\W?\?\s|[([]y(?:es)?\/no?[)\]]$|\((?:i?pdb)\+*\)$/i;

/** Whether a program that prints nothing after this line seems to wait for input. Pure. */
export function isQuestion({ text, isPartial }: { readonly text: string; readonly isPartial: boolean }): boolean {
  const line = text.trim();
  return questionForm.test(line) || (isPartial && promptForm.test(line));
}

/** How to answer the question. Pure. */
export function adviseOnQuestion(
  question: string,
  { serviceName, enableStdin, tty = false }: Pick<Launch, 'serviceName' | 'enableStdin' | 'tty'>,
): Hint {
  const answer = candle('send', serviceName, 'TEXT');
  const change = tty
    ? 'remove "enableStdin": false from the service in .candle.json'
    : 'add "enableStdin": true to the service in .candle.json, or "tty": true if its program needs a terminal';
  return lines(
    `It may be waiting for the answer to its last line: ${quote(question)}`,
    enableStdin
      ? advise('To answer', answer)
      : advise(`To answer, ${change}`, andThen(candle('restart', serviceName), answer)),
  );
}

/** What to do about a live run that seems to wait for input, instead of becoming ready. */
export async function findQuestion({ stateDir }: Pick<Supervision, 'stateDir'>, run: Run): Promise<Hint | undefined> {
  const launch = findLaunch(runDir(stateDir, run.id));
  // It finds the end of its input instead of waiting for some.
  if (launch === undefined || launch.hasEmptyStdin) return undefined;
  const last = await readLastLine(stateDir, run);
  return last && isQuestion(last) ? adviseOnQuestion(last.text.trim(), launch) : undefined;
}
