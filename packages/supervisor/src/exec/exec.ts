import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { environmentRecord } from '../launch/service-environment.ts';
import { type EnvInput, env } from '../services/env.ts';
import type { Supervision } from '../supervision.ts';
import { CommandNotExecutableError, CommandNotFoundError, ExecRefusedError } from './errors.ts';

export interface ExecInput extends EnvInput {
  /** The command and its arguments, passed on unchanged. */
  readonly words: readonly [string, ...string[]];
  /** Absolute path of the current directory. The command runs there. */
  readonly cwd: string;
}

/**
 * Replaces this process with a command that gets the environment of a service. The replacement happens after the caller has
 * returned and nothing is left to do.
 *
 * If the caller belongs to a run, so does the command, and it ends with that run: it inherits the caller's CANDLE_RUN_ID.
 * @throws the errors of `env`; CommandNotFoundError, CommandNotExecutableError, ExecRefusedError
 */
export async function exec(supervision: Supervision, { words, cwd, ...input }: ExecInput): Promise<void> {
  const record = environmentRecord((await env(supervision, input)).variables);
  const { CANDLE_RUN_ID: runId } = supervision.callerEnv;
  const [command, ...rest] = words;
  const path = findCommand(command, { cwd, path: record.PATH });
  // A name that looks like an option of the shell's `exec` is passed as a path.
  const first = command.startsWith('-') ? path : command;
  const program = isTextWithoutInterpreter(resolve(cwd, path))
    ? ['/bin/sh', path, ...rest]
    : throughEnv([first, ...rest]);
  await replaceProcess(command, program, runId === undefined ? record : { ...record, CANDLE_RUN_ID: runId });
}

/** Where shells search without a PATH. */
const defaultPath = '/usr/local/bin:/bin:/usr/bin';

/**
 * Makes sure that a shell in this directory would find the command. Returns its path, which may be relative.
 * @throws CommandNotFoundError, CommandNotExecutableError
 */
export function findCommand(
  command: string,
  { cwd, path = defaultPath }: { cwd: string; path?: string | undefined },
): string {
  if (command === '') throw new CommandNotFoundError(command);
  // An empty entry in PATH means the current directory.
  const candidates = command.includes('/') ? [command] : path.split(':').map((dir) => join(dir || '.', command));
  let problem: { path: string; reason: string } | undefined;
  for (const candidate of candidates) {
    const reason = findProblem(resolve(cwd, candidate));
    if (reason === undefined) return candidate;
    if (reason !== 'missing') problem ??= { path: candidate, reason };
  }
  if (problem) throw new CommandNotExecutableError(command, problem.path, problem.reason);
  throw new CommandNotFoundError(command);
}

/** Undefined if the file can be run. */
function findProblem(path: string): string | undefined {
  try {
    if (statSync(path).isDirectory()) return 'is a directory';
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const isHidden = (error as NodeJS.ErrnoException).code === 'EACCES';
    return isHidden ? 'is not executable' : 'missing';
  }
}

/** How many bytes shells look at to tell a script from a program. */
const inspectedBytes = 80;

/** Whether a shell would run the file as a script, although the kernel refuses to run it. */
function isTextWithoutInterpreter(file: string): boolean {
  const beginning = Buffer.alloc(inspectedBytes);
  try {
    const fd = openSync(file, 'r');
    try {
      const length = readSync(fd, beginning, 0, inspectedBytes, 0);
      const bytes = beginning.subarray(0, length);
      return !bytes.includes(0) && !bytes.toString('latin1').startsWith('#!');
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}

/**
 * `env` passes every variable on, and a shell only those whose names it accepts. It replaces itself with the program, and reports
 * what the kernel refuses, where Node.js would abort. A program with `=` in its name looks like a variable to it.
 */
function throughEnv(words: readonly [string, ...string[]]): readonly string[] {
  return words[0].includes('=') ? ['/bin/sh', '-c', 'exec "$@"', 'sh', ...words] : ['/usr/bin/env', '--', ...words];
}

/**
 * Replaces this process with a command as soon as nothing is left to do. Pid, terminal and process group stay the same.
 * Signals therefore reach the command directly, exactly once, and the exit status is that of the command: there is no process
 * in between that could get this wrong or die too early.
 * @throws ExecRefusedError if the system would refuse the process
 */
async function replaceProcess(
  command: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const [file = ''] = words;
  await tryShell(command, words, env);
  process.once('beforeExit', (code) => {
    if (code !== 0) return;
    // Node ignores these two signals, and a new program inherits ignored signals: `yes | head` would not end. Handlers are not
    // inherited.
    for (const signal of ['SIGPIPE', 'SIGXFSZ'] as const) process.on(signal, () => undefined);
    process.execve?.(file, [...words], { ...env });
  });
}

/**
 * A failure of execve would abort this process, so the same arguments and environment are tried first with a shell that does
 * nothing. Starting a child also makes Node set stdin, stdout and stderr back to blocking mode. Node made them non-blocking,
 * which other programs do not expect.
 */
async function tryShell(
  command: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { execa } = await import('execa');
  const options = { env: { ...env }, extendEnv: false, stdio: 'inherit', reject: false } as const;
  const { failed, exitCode, code, shortMessage, cause } = await execa('/bin/sh', ['-c', ':', 'sh', ...words], options);
  if (!failed || exitCode !== undefined) return;
  throw new ExecRefusedError(command, code ?? shortMessage ?? 'unknown', cause);
}
