/** How runtimes and frameworks report that another process already listens on the port. */
const portInUse = /EADDRINUSE|address already in use|already in use|in use by another|already allocated/i;

/**
 * Where the number appears in the error: after a colon (Node, Go, nginx), as "port 5173" (Vite, Angular, Puma, Spring),
 * or after the host in a Python tuple.
 */
const numbers = [/\bport:?\s+(\d{2,5})\b/i, /', (\d{2,5})\)/, /:(\d{2,5})\b/];

const highestPort = 65_535;

/** Node prints the fields of its error object after the message, one per line. */
const nodeErrorField = /^\s*port: (\d{2,5}),?$/;

/**
 * Finds the port that a program failed to listen on in its last lines of output; undefined if they mention none. Pure.
 */
export function findTakenPort(lines: readonly string[]): number | undefined {
  const errors = lines.filter((line) => portInUse.test(line));
  if (errors.length === 0) return undefined;
  const found = [
    ...errors.flatMap((line) => numbers.map((number) => number.exec(line)?.[1])),
    ...lines.map((line) => nodeErrorField.exec(line)?.[1]),
  ];
  return found.map(Number).find((port) => port >= 1 && port <= highestPort);
}
