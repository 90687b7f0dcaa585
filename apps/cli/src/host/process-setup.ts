import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { isRunByAgent } from '@candle/core/system';

interface Caller {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { isTTY?: boolean };
  readonly stderr: { isTTY?: boolean };
}

/**
 * Some coding agents run commands in a terminal that no person uses, so Candle and oclif must ignore it. On a terminal, they
 * would ask questions, print colors and keep following output.
 */
export function ignoreTerminalOfAgent({ env, stdout, stderr }: Caller): void {
  if (!isRunByAgent(env)) return;
  for (const stream of [stdout, stderr]) stream.isTTY = false;
}

/** Whether to print the next command to run. Not for a person, not even one who pipes stdout. */
export function wantsNextLine({ stdout, stderr }: Omit<Caller, 'env'>): boolean {
  return stdout.isTTY !== true && stderr.isTTY !== true;
}

/** 128 + SIGINT: the exit code that shells expect after Ctrl-C. */
export const interruptedExitCode = 130;

/** Ends the process with the expected exit code when it is interrupted or the reader of its output is gone. */
export function installExitHandlers(): void {
  process.once('SIGINT', () => process.exit(interruptedExitCode));
  // oclif's own listener throws on every error except EPIPE.
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // For example `candle logs | head -2`: the reader closed the pipe, which is not an error.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`Error: The output could not be written (${error.message})\n`);
    process.exit(1);
  });
  // A failing write of a message must not interrupt a stop.
  process.stderr.on('error', () => undefined);
}

/**
 * Reserves stdout for the caller: everything else that this process writes to stdout, such as `console.log` of a dependency,
 * goes to stderr from now on. The returned stream emits an error when the reader is gone.
 */
export function claimStdout({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>): Writable {
  const write = stdout.write.bind(stdout);
  const claimed = new Writable({
    decodeStrings: false,
    // Each chunk is written in one call, so that no other output can come between its parts.
    write: (chunk: string | Buffer, _encoding, done) => void write(chunk, done),
  });
  // Otherwise a write error would end the process in the middle of its work.
  stdout.removeAllListeners('error');
  stdout.on('error', (error) => claimed.destroy(error));
  stdout.write = stderr.write.bind(stderr);
  return claimed;
}

/**
 * Reports uncaught errors and keeps the process running. This is safe for a server without state in memory that an error
 * could leave inconsistent: each call reads the database again, and the database records what a call has begun.
 */
export function installErrorHandlers(note: (text: string) => void): void {
  const report = (what: string) => (error: unknown) => {
    const where = error instanceof Error ? (error.stack ?? error.message) : String(error);
    note(`${what}; the server continues. This is a bug: ${where}`);
  };
  process.on('uncaughtException', report('An error was not caught'));
  process.on('unhandledRejection', report('A promise rejection was not handled'));
}

/**
 * Saves memory in a process that mostly waits, and of which there may be one per open editor. Stops the growth of V8's young
 * generation (4 MB less) and disables the optimizing compiler (6 MB of code). The price is a third more computing time: 0.9 s
 * instead of 0.66 s for a search through a million lines.
 */
export function limitHeap(): void {
  for (const flag of ['--semi-space-growth-factor=1', '--no-opt']) setFlagsFromString(flag);
}

/** How long a process that has finished may need to clean up. Milliseconds. */
const cleanupMs = 1_000;

/** Ends a process that has finished, even if a leftover handle keeps it running. */
export function exitAfterTimeout(): void {
  setTimeout(() => process.exit(), cleanupMs).unref();
}

/** The user's home directory from HOME, or else from the system; undefined if it is not an absolute path. */
export function homeDirectory(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined;
  }
}

/** The user's plugins directory, as in oclif's `Config.dataDir` with `dirname` candle. Undefined without a home directory. */
export function dataDirectory(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.CANDLE_DATA_DIR) return env.CANDLE_DATA_DIR;
  if (env.XDG_DATA_HOME) return join(env.XDG_DATA_HOME, 'candle');
  const home = homeDirectory();
  return home === undefined ? undefined : join(home, '.local', 'share', 'candle');
}
