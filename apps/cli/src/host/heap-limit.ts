import { setFlagsFromString } from 'node:v8';

/**
 * Saves memory in a process that mostly waits, and of which there may be one per open editor. Stops the growth of V8's young
 * generation (4 MB less) and disables the optimizing compiler (6 MB of code). The price is a third more computing time: 0.9 s
 * instead of 0.66 s for a search through a million lines.
 */
export function limitHeap(): void {
  for (const flag of ['--semi-space-growth-factor=1', '--no-opt']) setFlagsFromString(flag);
}
