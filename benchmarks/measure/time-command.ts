import { spawn } from 'node:child_process';

/** A command to run as a process, and how it must end. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The command must fail with this message. If omitted, it must exit with 0. Anything else throws an error. */
  readonly failsWith?: string;
}

/**
 * Milliseconds from the spawn until the process has exited and its output is read. stdout is a pipe, as in
 * `$(candle …)`.
 */
export async function timeCommand(command: Command): Promise<number> {
  return (await runCommand(command)).milliseconds;
}

/** `endedAtNs` is the time of the system's monotonic clock, which other processes can read, too. */
export async function runCommand(
  command: Command,
): Promise<{ milliseconds: number; endedAtNs: bigint; stdout: string }> {
  const { file, args, cwd, env, failsWith } = command;
  const startedAt = performance.now();
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const ended = Promise.withResolvers<number | NodeJS.Signals | null>();
  child.once('error', ended.reject);
  child.once('close', (code, signal) => ended.resolve(signal ?? code));
  const end = await ended.promise;
  const milliseconds = performance.now() - startedAt;
  const endedAtNs = process.hrtime.bigint();
  const isExpected = failsWith === undefined ? end === 0 : end === 1 && output.stderr.includes(failsWith);
  if (!isExpected) throw new Error(`${args.join(' ')} exited with ${end}: ${output.stderr || output.stdout}`);
  return { milliseconds, endedAtNs, stdout: output.stdout };
}
