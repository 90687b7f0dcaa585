import { type Advice, renderCommand } from '@candle/core/errors';
import type { ProjectContext } from '@candle/core/projects';
import type { Reservation } from '@candle/core/reservations';
import type { PortOwnerDocument, PortReportDocument } from '@candle/documents';

/** A service whose processes listen on a port. */
export interface OwningService extends ProjectContext {
  readonly name: string;
  readonly runId: string;
}

/**
 * A process that listens on a port. For a process of another user, often only the user is known. Strings are raw, not
 * sanitized.
 */
export interface PortOwner {
  readonly port: number;
  /** Sorted; `0.0.0.0` and `::` mean all addresses of their family. */
  readonly addresses: readonly string[];
  readonly pid: number | null;
  /** Short name. */
  readonly command: string | null;
  readonly commandLine: string | null;
  /** Absolute; null if it cannot be read. */
  readonly cwd: string | null;
  readonly isCwdGone: boolean;
  readonly startedAtMs: number | null;
  readonly uid: number | null;
  readonly user: string | null;
  /** Its parent listens on the port too, and most likely stops it when it exits. */
  readonly isWorker: boolean;
  /** Null if it does not belong to a service in this state directory. */
  readonly service: OwningService | null;
}

/** The reservation of a port, whether or not a process listens on it. */
export interface ReservationDetails extends Reservation, ProjectContext {
  /** The service that gets the port; null for a port of the project itself, and of a program that Candle does not start. */
  readonly ownerName: string | null;
  /** Status of its service as shown to users: `RUNNING`, `not running`; null without one. */
  readonly status: string | null;
  readonly isServiceAlive: boolean;
  /** There is a definition to start the service from. */
  readonly canStart: boolean;
}

export interface PublishedContainer {
  readonly name: string;
  readonly image: string;
}

export interface PortFacts {
  readonly port: number;
  /** Oldest first. */
  readonly owners: readonly PortOwner[];
  readonly reservation: ReservationDetails | null;
  readonly containers: readonly PublishedContainer[];
}

export interface PortReport extends PortFacts {
  /** Purposes in lower case: "to stop service 'api'". */
  readonly advice: readonly Advice[];
}

export function portReportDocument({ port, owners, reservation, containers, advice }: PortReport): PortReportDocument {
  return {
    port,
    free: owners.length === 0 && containers.length === 0 && reservation === null,
    owners: owners.map(portOwnerDocument),
    reservation: reservation && reservationDocument(reservation),
    containers,
    advice: advice.map(({ command, purpose }) => ({ command: renderCommand(command), purpose })),
  };
}

export function portOwnerDocument(owner: PortOwner): PortOwnerDocument {
  const { pid, command, commandLine, cwd, isCwdGone, startedAtMs, uid, user, addresses, service } = owner;
  return {
    ...{ pid, command, commandLine, cwd, cwdGone: isCwdGone },
    startedAt: startedAtMs === null ? null : new Date(startedAtMs).toISOString(),
    ...{ uid, user, addresses },
    service: service && owningServiceDocument(service),
  };
}

function owningServiceDocument({ name, projectDir, branch, isDirectoryGone, runId }: OwningService) {
  return { name, projectDir, branch, directoryGone: isDirectoryGone, runId };
}

function reservationDocument({
  serviceName,
  projectDir,
  branch,
  isDirectoryGone,
  reservedAtMs,
  status,
}: ReservationDetails) {
  const reservedAt = new Date(reservedAtMs).toISOString();
  return { serviceName, projectDir, branch, directoryGone: isDirectoryGone, reservedAt, status };
}
