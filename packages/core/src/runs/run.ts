import type { RunStatus } from './run-status.ts';

/** Identifies a process even if its pid is reused later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The process's start time according to the kernel, as text. */
  readonly startToken: string;
}

/** Why a run is over: it exited by itself, `kill` stopped it, a newer start replaced it, its start was interrupted, or the reason is unknown. */
export type EndReason = 'exited' | 'stopped' | 'replaced' | 'interrupted' | 'lost';

/** One execution of a service. It is active until `endedAtMs` is set. */
export interface Run {
  readonly id: string;
  readonly projectDir: string;
  readonly serviceName: string;
  /** The generation of the request that started it: see ServiceStore.request. */
  readonly generation: number;
  readonly status: RunStatus;
  readonly shell: string;
  /** Absolute path. */
  readonly root: string;
  readonly port: number | null;
  /** Fingerprint of the definition it was started with. */
  readonly fingerprint: string;
  /** Boot id of the system at the start: pids are meaningless after a reboot. */
  readonly bootId: string;
  readonly shim: ProcessIdentity | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly endReason: EndReason | null;
  /** 0: started on request; n: the nth consecutive restart by the service's restart policy. */
  readonly attempt: number;
  /** When its start was confirmed. Until then, the process that starts the run records its end. */
  readonly confirmedAtMs: number | null;
  /** Where its output begins for readers (a `LogPosition` as text); null: at the beginning. */
  readonly logStart: string | null;
}

/** How a run ended. */
export interface RunEnd {
  readonly endedAtMs: number;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly endReason: EndReason;
}
