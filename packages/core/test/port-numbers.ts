import type { PortInterval } from '../src/ports/port-range.ts';

/** The numbers of a turn, one by one. */
export function numbersOf(turn: readonly PortInterval[]): number[] {
  return turn.flatMap(({ first, last }) => portsFrom(first, last));
}

/** All numbers from first to last. */
export function portsFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
