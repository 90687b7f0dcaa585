import { constants } from 'node:os';
import type { ProcessIdentity, RunState } from './run-status.ts';

/** One execution of a service. Only its state changes with events; see applyEvent. */
export interface Run extends RunState {
  readonly id: string;
  readonly projectDir: string;
  readonly serviceName: string;
  /** The generation of the request that started it: see ServiceStore.request. */
  readonly generation: number;
  readonly shell: string;
  /** Absolute path. */
  readonly root: string;
  readonly port: number | null;
  /** Fingerprint of the definition it was started with. */
  readonly fingerprint: string;
  /** Boot id of the system at the start: pids are meaningless after a reboot. */
  readonly bootId: string;
  readonly startedAtMs: number;
  /** The same moment on the monotonic clock of that boot; null for a run that an earlier Candle started. */
  readonly startedMonotonicMs: number | null;
  /** 0: started on request; n: the nth consecutive restart by the service's restart policy. */
  readonly attempt: number;
  /** When its start was confirmed. Until then, the process that starts the run records its end. */
  readonly confirmedAtMs: number | null;
  /** Where its output begins for readers (a `LogPosition` as text); null: at the beginning. */
  readonly logStart: string | null;
  /** The process that the run must not outlive (`up --foreground`); null if the run continues without it. */
  readonly owner: ProcessIdentity | null;
}

/** A run that has not started yet. */
export type NewRun = Omit<Run, keyof RunState>;

/** How many processes the kernel has killed because memory ran out, according to one of its files. */
export interface MemoryKills {
  /** `memory.events` of a cgroup, which counts its own processes only, or `/proc/vmstat` for the whole machine. */
  readonly file: string;
  readonly atStart: number;
  /** Undefined until the end of a run that was killed is recorded. */
  readonly atEnd?: number | undefined;
}

/** That a restart policy has given up. */
export interface GivenUp {
  readonly atMs: number;
  /** Consecutive restarts, including those that the system refused. */
  readonly restarts: number;
  /** From the end of the run before the first of these restarts. */
  readonly withinMs: number;
}

/** A shell reports that signal N ended a program as exit code 128 + N. */
const signalOffset = 128;

/** The signal that ended the program according to a shell's exit code, or null. */
export function signalOfExitCode(code: number): string | null {
  const entry = Object.entries(constants.signals).find(([, number]) => number === code - signalOffset);
  return code > signalOffset && entry ? entry[0] : null;
}
