/** Long enough for cleanup. */
const timeoutMs = 1_000;

/** Ends a process that has finished, even if a leftover handle keeps it running. */
export function exitAfterTimeout(): void {
  setTimeout(() => process.exit(), timeoutMs).unref();
}
