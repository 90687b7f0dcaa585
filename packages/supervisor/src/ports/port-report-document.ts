import { renderCommand } from '@candle/core';
import type { OwningService, PortOwner, PortReport, PublishedContainer, ReservationDetails } from './port-report.ts';

/**
 * A process that listens on a port, as `--json` and MCP report it. For a process of another user, often only the user is
 * known.
 */
export interface PortOwnerDocument {
  readonly pid: number | null;
  /** Short name. */
  readonly command: string | null;
  /** The program and its arguments. */
  readonly commandLine: string | null;
  readonly cwd: string | null;
  /** Whether its working directory has been deleted. */
  readonly cwdGone: boolean;
  readonly startedAt: string | null;
  readonly uid: number | null;
  readonly user: string | null;
  readonly addresses: readonly string[];
  /** Null if it does not belong to a service in this state directory. */
  readonly service: {
    readonly name: string;
    readonly projectDir: string;
    readonly branch: string | null;
    readonly directoryGone: boolean;
    readonly runId: string;
  } | null;
}

export interface PortReportDocument {
  readonly port: number;
  /** No process listens on it, and no project has reserved it. */
  readonly free: boolean;
  /** Oldest first. */
  readonly owners: readonly PortOwnerDocument[];
  readonly reservation: {
    readonly serviceName: string | null;
    readonly projectDir: string;
    readonly branch: string | null;
    readonly directoryGone: boolean;
    readonly reservedAt: string;
    /** Status of its service; null for a port of the project itself. */
    readonly status: string | null;
  } | null;
  readonly containers: readonly PublishedContainer[];
  readonly advice: readonly { readonly command: string; readonly purpose: string }[];
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
