/** Long enough for what is to be put away. */
const patienceMs = 1_000;

/** Ends a process that has done its work, also when something that nobody looks after any more keeps it alive. */
export function leaveSoon(): void {
  setTimeout(() => process.exit(), patienceMs).unref();
}
