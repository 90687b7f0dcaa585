/**
 * Makes this process go on after an error that nobody has caught, and say so. For a server that keeps nothing in memory
 * that such an error could leave half done: each call reads the ledger anew, and what a call has begun, the ledger knows.
 */
export function installErrorHandlers(note: (text: string) => void): void {
  const tell = (what: string) => (error: unknown) => {
    const where = error instanceof Error ? (error.stack ?? error.message) : String(error);
    note(`${what}; the server goes on. This is a bug: ${where}`);
  };
  process.on('uncaughtException', tell('An error was not caught'));
  process.on('unhandledRejection', tell('A promise was rejected and nobody heard of it'));
}
