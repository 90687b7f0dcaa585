import type { ProjectContext, Reservation } from '@candle/core';

/** A service whose processes hold a port. */
export interface OwningService extends ProjectContext {
  readonly name: string;
  readonly runId: string;
}

/** A process that listens on a port. Of another user's often only the user is known. Texts are as the process has them. */
export interface PortOwner {
  readonly port: number;
  /** Sorted; `0.0.0.0` and `::` stand for all of their family. */
  readonly addresses: readonly string[];
  readonly pid: number | null;
  /** Short name. */
  readonly command: string | null;
  readonly commandLine: string | null;
  /** Absolute; null when it may not be read. */
  readonly cwd: string | null;
  readonly isCwdGone: boolean;
  readonly startedAtMs: number | null;
  readonly uid: number | null;
  readonly user: string | null;
  /** Its parent holds the port too, and most likely ends it with itself. */
  readonly isWorker: boolean;
  /** Null: it belongs to no service of this state directory. */
  readonly service: OwningService | null;
}

/** Whose number it is, whether or not anybody listens. */
export interface ReservationDetails extends Reservation, ProjectContext {
  /** Of its service, as people see it: `RUNNING`, `not running`; null for a project-level one. */
  readonly status: string | null;
  readonly isServiceAlive: boolean;
  /** Something says how the service is started. */
  readonly canStart: boolean;
}

export interface PublishedContainer {
  readonly name: string;
  readonly image: string;
}

/** What can be done: a command to paste, and what for. */
export interface Advice {
  readonly command: string;
  /** "to stop service 'api'" */
  readonly purpose: string;
}

export interface PortFacts {
  readonly port: number;
  /** Oldest first. */
  readonly owners: readonly PortOwner[];
  readonly reservation: ReservationDetails | null;
  readonly containers: readonly PublishedContainer[];
}

export interface PortReport extends PortFacts {
  readonly advice: readonly Advice[];
}
