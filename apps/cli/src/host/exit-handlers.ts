/** 128 + SIGINT: the exit code that shells expect after Ctrl-C. */
const interruptedExitCode = 130;

/** Ends the process with the expected exit code when it is interrupted or the reader of its output is gone. */
export function installExitHandlers(): void {
  process.once('SIGINT', () => process.exit(interruptedExitCode));
  // oclif's own listener throws on every error except EPIPE.
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // For example `candle logs | head -2`: the reader closed the pipe, which is not an error.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`Error: The output could not be written (${error.message})\n`);
    process.exit(1);
  });
  // A failing write of a message must not interrupt a stop.
  process.stderr.on('error', () => undefined);
}
