/**
 * The parent of one run's program: `sh shim.sh RUN_DIR`, with fd 0 = `in`, 1 and 2 = `spool`, 3 = `exit-pipe`.
 *
 * It catches signals instead of ignoring them, because the program would inherit ignored signals. It alone holds
 * `exit-pipe` open, so end of file there means that the program has exited. It overwrites its records in place: see
 * `unwrittenRecord`.
 */
export const shimScript = `trap : HUP INT QUIT TERM USR1 USR2
printf '%-11s\\n' "$$" 1<>"$1/pid"
/bin/sh "$1/command" 3>&-
printf '%-11s\\n' "$?" 1<>"$1/exit"
`;

/**
 * The user's command as a script. It is passed in a file, because every user of the machine can read the arguments of
 * every process. The trap prevents the shell from exiting before a program that is still handling the same signal, and
 * passes on the exit code of the program.
 */
export function commandScript(shell: string): string {
  return `trap 'exit $?' HUP INT QUIT TERM USR1 USR2\n${shell}\n`;
}
