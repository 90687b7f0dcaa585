import { browserBlockedPorts, firstPort, lastPort, type PortInterval } from './port-range.ts';

/**
 * Every assignable port except the excluded ones, once, in the order in which they are tried. The order starts at `cursor`
 * and wraps after 65535. It has two passes: first the ports that browsers open and that the system does not use for
 * outgoing connections, then the rest.
 *
 * Ephemeral ports come last because an outgoing connection can occupy one at any moment.
 */
export function candidateOrder(
  cursor: number,
  ephemeral: PortInterval,
  excluded: readonly number[] = [],
): PortInterval[] {
  const whole = [
    { first: cursor, last: lastPort },
    { first: firstPort, last: cursor - 1 },
  ].filter(isNotEmpty);
  const candidates = excluded.map((port) => ({ first: port, last: port })).reduce(without, whole);
  const avoided = [...browserBlockedPorts.map((port) => ({ first: port, last: port })), ephemeral];
  const preferred = avoided.reduce(without, candidates);
  const rest = preferred.reduce(without, candidates);
  return [...preferred, ...rest];
}

/** The candidates that remain after `port` has been tried. */
export function candidatesAfter(candidates: readonly PortInterval[], port: number): PortInterval[] {
  const at = candidates.findIndex(({ first, last }) => first <= port && port <= last);
  const current = candidates[at];
  if (!current) return [];
  return [{ first: port + 1, last: current.last }, ...candidates.slice(at + 1)].filter(isNotEmpty);
}

function without(intervals: readonly PortInterval[], hole: PortInterval): PortInterval[] {
  return intervals.flatMap(({ first, last }) =>
    hole.last < first || hole.first > last
      ? [{ first, last }]
      : [
          { first, last: hole.first - 1 },
          { first: hole.last + 1, last },
        ].filter(isNotEmpty),
  );
}

function isNotEmpty({ first, last }: PortInterval): boolean {
  return first <= last;
}
