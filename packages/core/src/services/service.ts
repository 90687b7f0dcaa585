import type { LogLimits } from '../config/log-limits.ts';
import type { ProcessIdentity } from '../runs/run-status.ts';
import type { PendingRestart } from './pending-restart.ts';

export type RequestVerb = 'start' | 'kill';

/** A service's record in the database: its desired state, the newest request, and the lock. */
export interface ServiceRecord {
  readonly projectDir: string;
  readonly name: string;
  /** The command of a transient service; null for a configured service, which is read from its file. */
  readonly transient: { readonly shell: string; readonly root: string | null } | null;
  readonly desired: 'up' | 'down';
  /** The newest request: its generation, its verb and the requesting process. */
  readonly request: { readonly generation: number; readonly verb: RequestVerb; readonly owner: ProcessIdentity };
  /** The process that holds the service lock. */
  readonly lock: { readonly owner: ProcessIdentity; readonly sinceMs: number } | null;
  /** The state of its restart policy. */
  readonly pendingRestart: PendingRestart;
  /** How much output is kept; null for the default. */
  readonly logLimits: LogLimits | null;
}

/** Identifies a service: names are unique within a project. */
export interface ServiceKey {
  readonly projectDir: string;
  readonly name: string;
}
