/**
 * Reports uncaught errors and keeps the process running. This is safe for a server without state in memory that an error
 * could leave inconsistent: each call reads the database again, and the database records what a call has begun.
 */
export function installErrorHandlers(note: (text: string) => void): void {
  const report = (what: string) => (error: unknown) => {
    const where = error instanceof Error ? (error.stack ?? error.message) : String(error);
    note(`${what}; the server continues. This is a bug: ${where}`);
  };
  process.on('uncaughtException', report('An error was not caught'));
  process.on('unhandledRejection', report('A promise rejection was not handled'));
}
