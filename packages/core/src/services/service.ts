import type { ProcessIdentity } from '../runs/run.ts';

export type TicketVerb = 'start' | 'kill';

/** What the ledger knows of a service: what is wanted of it, who asked last, and whose turn it is. */
export interface ServiceRecord {
  readonly projectDir: string;
  readonly name: string;
  /** Of a transient service; a configured one is read from its file. */
  readonly transient: { readonly shell: string; readonly root: string | null } | null;
  readonly desired: 'up' | 'down';
  /** The newest request: its number, what it asked for and who asked. */
  readonly ticket: { readonly number: number; readonly verb: TicketVerb; readonly owner: ProcessIdentity };
  /** The process that works on the service now. */
  readonly turn: { readonly owner: ProcessIdentity; readonly sinceMs: number } | null;
}

/** Names a service: names are unique within a project. */
export interface ServiceKey {
  readonly projectDir: string;
  readonly name: string;
}
