import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandNotExecutableError, CommandNotFoundError } from './errors.ts';

/** Where shells look when nothing says where. */
const usualPath = '/usr/local/bin:/bin:/usr/bin';

/**
 * Makes sure that a shell in this directory would find the command. Returns its path, which may be relative.
 * @throws CommandNotFoundError, CommandNotExecutableError
 */
export function findCommand(
  command: string,
  { cwd, path = usualPath }: { cwd: string; path?: string | undefined },
): string {
  if (command === '') throw new CommandNotFoundError(command);
  // An empty part of PATH is the current directory.
  const places = command.includes('/') ? [command] : path.split(':').map((dir) => join(dir || '.', command));
  let problem: { path: string; reason: string } | undefined;
  for (const place of places) {
    const reason = findProblem(resolve(cwd, place));
    if (reason === undefined) return place;
    if (reason !== 'missing') problem ??= { path: place, reason };
  }
  if (problem) throw new CommandNotExecutableError(command, problem.path, problem.reason);
  throw new CommandNotFoundError(command);
}

/** Undefined when the file can be run. */
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
