import type { PortInterval } from '../src/ports/port-range.ts';

/** The numbers of a turn, one by one. */
export function numbersOf(lock: readonly PortInterval[]): number[] {
  return lock.flatMap(({ first, last }) => portsFrom(first, last));
}

/** All numbers from first to last. */
export function portsFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
