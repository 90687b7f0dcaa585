import { renderCommand } from '@candle/core';
import type { PortOwnerDocument, PortReportDocument } from '@candle/documents';
import type { OwningService, PortOwner, PortReport, ReservationDetails } from './port-report.ts';

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
