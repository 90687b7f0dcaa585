/** Long enough for what is to be put away. */
const timeoutMs = 1_000;

/** Ends a process that has done its work, also when something that nobody looks after any more keeps it alive. */
export function exitAfterTimeout(): void {
  setTimeout(() => process.exit(), timeoutMs).unref();
}
