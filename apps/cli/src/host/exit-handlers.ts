/** Interrupted (128 + SIGINT): what shells expect of a command that Ctrl-C ended. */
const interruptedExitCode = 130;

/** Ends the process as users expect when it is interrupted, or when nobody reads its output any more. */
export function installExitHandlers(): void {
  process.once('SIGINT', () => process.exit(interruptedExitCode));
  // oclif's own listener throws at everything but EPIPE.
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `candle logs | head -2`: the reader has seen enough.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`Error: The output could not be written (${error.message})\n`);
    process.exit(1);
  });
  // Talk that nobody hears must not end a stop half-way.
  process.stderr.on('error', () => undefined);
}
