import { InvalidServiceShellError } from './errors.ts';

/** What is wrong with a shell command, as "must …"; undefined for a valid command. */
export function findServiceShellProblem(shell: string): string | undefined {
  if (shell.trim() === '') return 'must be a non-empty string';
  if (shell.includes('\0')) return 'must not contain null characters';
  return undefined;
}

/**
 * Returns the command if it is valid: any text that is not only white space and has no null characters.
 * @throws InvalidServiceShellError
 */
export function parseServiceShell(shell: string): string {
  const problem = findServiceShellProblem(shell);
  if (problem !== undefined) throw new InvalidServiceShellError(shell, problem);
  return shell;
}
