import type { RunStatus } from './run-status.ts';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The kernel's start time of the process, as text. */
  readonly startToken: string;
}

/** Why a run is over: it ended by itself, `kill` ended it, a newer start took its place, its start was cut off, or nobody saw. */
export type EndReason = 'exited' | 'stopped' | 'replaced' | 'interrupted' | 'lost';

/** One execution of a service. It is active until `endedAtMs` is set. */
export interface Run {
  readonly id: string;
  readonly projectDir: string;
  readonly serviceName: string;
  /** The request that it answers: see ServiceStore.request. */
  readonly generation: number;
  readonly status: RunStatus;
  readonly shell: string;
  /** Absolute. */
  readonly root: string;
  readonly port: number | null;
  /** Of the definition it was started with. */
  readonly fingerprint: string;
  /** Of the system it was started on: pids mean nothing after a reboot. */
  readonly bootId: string;
  readonly shim: ProcessIdentity | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly endReason: EndReason | null;
  /** 0: somebody asked for it; n: the nth restart in a row by the service's policy. */
  readonly attempt: number;
  /** Since when its start is certain; before, its end is the business of who starts it. */
  readonly confirmedAtMs: number | null;
  /** Where its output begins for readers (`LogPosition` as text); null: at its beginning. */
  readonly logStart: string | null;
}

/** How a run ended. */
export interface RunEnd {
  readonly endedAtMs: number;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly endReason: EndReason;
}
