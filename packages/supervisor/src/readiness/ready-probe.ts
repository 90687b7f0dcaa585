import type { MachineSnapshot } from '../members/find-members.ts';

/** Checks whether one run is ready, and remembers what earlier checks have seen. Must be closed. */
export interface ReadyProbe {
  /** Whether the run is ready now. Checks must not overlap, and each one is short. */
  check(): Promise<boolean>;
  /** What the last check did not find, as part of a sentence: `no response from /health`. */
  readonly awaited: string;
  /** Releases all resources. A check in progress ends and returns false. */
  close(): void;
}

export interface ProbeOptions {
  /** A snapshot of the machine to share between several runs. If omitted, each check takes a new one. */
  readonly machineSnapshot?: MachineSnapshot | undefined;
}
