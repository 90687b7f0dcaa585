import { ExecRefusedError } from './errors.ts';

/** Ends with the program in its place, so that the shell itself is gone. A script without `#!` is run as shells do it. */
const becomeCommand = 'exec "$@"';

/**
 * Lets a command take the place of this process as soon as nothing of it is left to do: same pid, same terminal, same
 * process group. So whatever signal is sent to the process reaches the command, once, and how the command ends is how the
 * process ends; there is nobody in between who could get that wrong or die too early.
 * @throws ExecRefusedError when the system would take no such process
 */
export async function replaceProcess(words: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const [command = ''] = words;
  await tryShell(command, words, env);
  process.once('beforeExit', (code) => {
    if (code !== 0) return;
    // Node ignores these two, and what is ignored stays so for the new program, where `yes | head` would not end. What is
    // caught does not stay.
    for (const signal of ['SIGPIPE', 'SIGXFSZ'] as const) process.on(signal, () => undefined);
    process.execve?.('/bin/sh', ['sh', '-c', becomeCommand, 'sh', ...words], { ...env });
  });
}

/**
 * The call that takes this process's place cannot fail softly, so the same arguments and environment are tried on a shell
 * that does nothing. That shell also makes stdin, stdout and stderr blocking again for all who share them, as every child
 * of Node does: Node has made its own so that they do not block, which other programs do not expect.
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
