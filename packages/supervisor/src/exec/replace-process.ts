import { ExecRefusedError } from './errors.ts';

/** `exec` replaces the shell with the program. A script without `#!` runs as it does in a shell. */
const becomeCommand = 'exec "$@"';

/**
 * Replaces this process with a command as soon as nothing is left to do. Pid, terminal and process group stay the same.
 * Signals therefore reach the command directly, exactly once, and the exit status is that of the command: there is no process
 * in between that could get this wrong or die too early.
 * @throws ExecRefusedError if the system would refuse the process
 */
export async function replaceProcess(words: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const [command = ''] = words;
  await tryShell(command, words, env);
  process.once('beforeExit', (code) => {
    if (code !== 0) return;
    // Node ignores these two signals, and a new program inherits ignored signals: `yes | head` would not end. Handlers are not
    // inherited.
    for (const signal of ['SIGPIPE', 'SIGXFSZ'] as const) process.on(signal, () => undefined);
    process.execve?.('/bin/sh', ['sh', '-c', becomeCommand, 'sh', ...words], { ...env });
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
