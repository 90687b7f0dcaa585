import { shellWord } from '@candle/core/errors';
import type { RunDir } from '@candle/core/runs';
import { type Launch, readOpenFiles, shellOf } from './launch.ts';

/** The arguments of the shell that becomes the shim, with the limit of open files of the first caller. */
export function shimArguments(dir: RunDir, launch: Pick<Launch, 'context' | 'interpreter'>): readonly string[] {
  const openFiles = launch.context?.openFiles ?? null;
  if (openFiles === null || openFiles === readOpenFiles()) return [dir.shim, dir.path];
  const withLimit = 'ulimit -n "$1"; shift; exec "$@"';
  return ['-c', withLimit, 'sh', String(openFiles), ...shellOf(launch), dir.shim, dir.path];
}

/**
 * The parent of one run's program: `sh shim.sh RUN_DIR`, with fd 0 = `in`, 1 and 2 = `spool` or `output`, 3 = `exit-pipe`. With a
 * terminal, see `runInTerminal`.
 *
 * It catches signals instead of ignoring them, because the program would inherit ignored signals. It alone holds
 * `exit-pipe` open, so end of file there means that the program has exited. It overwrites its records in place: see
 * `unwrittenRecord`.
 */
export function shimScript(shell: readonly string[], run = (command: string) => `${command} 3>&-`): string {
  return `trap : HUP INT QUIT TERM USR1 USR2
printf '%-11s\\n' "$$" 1<>"$1/pid"
${run(`${shell.map(shellWord).join(' ')} -c '${readAndRun}' sh "$1/command" '' '\n'`)}
printf '%-11s\\n' "$?" 1<>"$1/exit"
`;
}

/**
 * Runs the script in the file `$1`. A shell that is given the file itself would begin its messages with the path of the file,
 * which means nothing to the user. `$2` is empty, and `$3` is a newline, so that lines are counted from 1.
 */
const readAndRun =
  'while IFS= read -r CANDLE_LINE; do set -- "$1" "$2$CANDLE_LINE$3" "$3"; done <"$1" || exit; unset CANDLE_LINE; eval "$2"';

/** The arguments with which a shell runs a script. The script sees them, until it removes them with `set --`. */
export function runScript(path: string): readonly string[] {
  return ['-c', readAndRun, 'sh', path, '', '\n'];
}

/**
 * The user's command as a script. It is passed in a file, because every user of the machine can read the arguments of
 * every process. The trap prevents the shell from exiting before a program that is still handling the same signal, and
 * passes on the exit code of the program. It is on the first line of the command, so that messages have the right number.
 */
export function commandScript(shell: string): string {
  return `set --; trap 'exit $?' HUP INT QUIT TERM USR1 USR2; ${shell}\n`;
}
