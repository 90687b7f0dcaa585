/** How runtimes and frameworks say that somebody else listens where they want to. */
const complaint = /EADDRINUSE|address already in use|already in use|in use by another|already allocated/i;

/**
 * Where the number stands in such a line: behind a colon (Node, Go, nginx), as "port 5173" (Vite, Angular, Puma, Spring), or
 * behind the host of a Python tuple.
 */
const numbers = [/\bport:?\s+(\d{2,5})\b/i, /', (\d{2,5})\)/, /:(\d{2,5})\b/];

const highestPort = 65_535;

/** Node writes the fields of its error below it, one a line. */
const fieldOfNode = /^\s*port: (\d{2,5}),?$/;

/** The port that a program could not have, by what it printed last; undefined when that speaks of none. Pure. */
export function findTakenPort(lines: readonly string[]): number | undefined {
  const complaints = lines.filter((line) => complaint.test(line));
  if (complaints.length === 0) return undefined;
  const found = [
    ...complaints.flatMap((line) => numbers.map((number) => number.exec(line)?.[1])),
    ...lines.map((line) => fieldOfNode.exec(line)?.[1]),
  ];
  return found.map(Number).find((port) => port >= 1 && port <= highestPort);
}
