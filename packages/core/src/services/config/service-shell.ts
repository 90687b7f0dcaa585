import { InvalidServiceShellError } from './errors.ts';

/** What is wrong with a shell command, as "must …"; undefined for a good one. */
export function findServiceShellProblem(shell: string): string | undefined {
  if (shell.trim() === '') return 'must be a non-empty string';
  if (shell.includes('\0')) return 'must not contain null characters';
  return undefined;
}

/**
 * The command itself: any text but white space alone, without a null character.
 * @throws InvalidServiceShellError
 */
export function parseServiceShell(shell: string): string {
  const problem = findServiceShellProblem(shell);
  if (problem !== undefined) throw new InvalidServiceShellError(shell, problem);
  return shell;
}
