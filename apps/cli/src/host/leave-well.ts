/** Interrupted (128 + SIGINT): what shells expect of a command that Ctrl-C ended. */
const interruptedExitCode = 130;

/** Ends the process as users expect when it is interrupted, or when nobody reads its output any more. */
export function leaveWell(): void {
  process.once('SIGINT', () => process.exit(interruptedExitCode));
  for (const stream of [process.stdout, process.stderr]) {
    // `candle logs | head -2`: the reader has seen enough.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
}
