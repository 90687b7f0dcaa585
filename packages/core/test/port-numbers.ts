import type { PortInterval } from '../src/ports/port-range.ts';

/** Lists the ports of candidate ranges one by one. */
export function numbersOf(candidates: readonly PortInterval[]): number[] {
  return candidates.flatMap(({ first, last }) => portsFrom(first, last));
}

/** Lists all ports from first to last. */
export function portsFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
