import type { ProcessIdentity } from '../runs/run.ts';
import type { LogLimits } from './config/log-limits.ts';

export type RequestVerb = 'start' | 'kill';

/** What the ledger knows of a service: what is wanted of it, who asked last, and whose turn it is. */
export interface ServiceRecord {
  readonly projectDir: string;
  readonly name: string;
  /** Of a transient service; a configured one is read from its file. */
  readonly transient: { readonly shell: string; readonly root: string | null } | null;
  readonly desired: 'up' | 'down';
  /** The newest request: its number, what it asked for and who asked. */
  readonly request: { readonly generation: number; readonly verb: RequestVerb; readonly owner: ProcessIdentity };
  /** The process that works on the service now. */
  readonly lock: { readonly owner: ProcessIdentity; readonly sinceMs: number } | null;
  /** What its restart policy is about to do. */
  readonly pendingRestart: PendingRestart;
  /** How much output is kept; null: the default. */
  readonly logLimits: LogLimits | null;
}

/** Where a service stands with its restart policy. All zero and null after each request of a person. */
export interface PendingRestart {
  /** Restarts in a row that did not last. */
  readonly attempts: number;
  readonly nextRestartAtMs: number | null;
  /** When the policy gave up. */
  readonly crashLoopedAtMs: number | null;
  /** Why it was not started again although the policy says so. */
  readonly refusal: string | null;
}

export const noPendingRestart: PendingRestart = {
  attempts: 0,
  nextRestartAtMs: null,
  crashLoopedAtMs: null,
  refusal: null,
};

/** Names a service: names are unique within a project. */
export interface ServiceKey {
  readonly projectDir: string;
  readonly name: string;
}
