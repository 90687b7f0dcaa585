import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandNotExecutableError, CommandNotFoundError } from './errors.ts';

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
