import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isRunByAgent } from '@candle/core/system';
import { prepareStream } from './write-output.ts';

interface Caller {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { isTTY?: boolean };
  readonly stderr: { isTTY?: boolean };
}

/**
 * Some coding agents run commands in a terminal that no person uses, so Candle and oclif must ignore it. On a terminal, they
 * would ask questions, print colors and keep following output.
 */
export function ignoreTerminalOfAgent(caller: Caller): void {
  if (!isRunByAgent(caller.env)) return;
  for (const stream of [caller.stdout, caller.stderr]) stream.isTTY = false;
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
  prepareStream('stdout', (stdout) =>
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      // For example `candle logs | head -2`: the reader closed the pipe, which is not an error.
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      process.stderr.write(`Error: The output could not be written (${error.message})\n`);
      process.exit(1);
    }),
  );
  // A failing write of a message must not interrupt a stop.
  prepareStream('stderr', (stderr) => stderr.on('error', () => undefined));
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
