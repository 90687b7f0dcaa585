/**
 * The parent of one run's program: `sh shim.sh RUN_DIR`, with fd 0 = `in`, 1 and 2 = `spool`, 3 = `life`.
 *
 * It catches signals instead of ignoring them, because the program would inherit an ignored one. It alone keeps `life`
 * open, so that end of file there means that the program is over. Its records are overwritten in place: see
 * `unwrittenRecord`.
 */
export const shimScript = `trap : HUP INT QUIT TERM USR1 USR2
printf '%-11s\\n' "$$" 1<>"$1/pid"
/bin/sh "$1/command" 3>&-
printf '%-11s\\n' "$?" 1<>"$1/exit"
`;

/**
 * The user's command as a script: it stands in a file, as every user of the machine may read every argv. The trap keeps
 * this shell from dying before a program that is just handling the same signal, and passes on that program's code.
 */
export function commandScript(shell: string): string {
  return `trap 'exit $?' HUP INT QUIT TERM USR1 USR2\n${shell}\n`;
}
