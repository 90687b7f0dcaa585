import { fallbackReason, type PortClaim } from '@candle/core';
import type { PortChangesDocument, StartDocument } from '@candle/documents';
import type { PortChanges } from './prepare-ports.ts';
import { startedDocument } from './service-document.ts';
import type { StartedServices } from './start.ts';

export function startDocument({ done, ports }: StartedServices): StartDocument {
  return { services: done.map(startedDocument), ...portChangesDocument(ports) };
}

export function portChangesDocument({ fallbacks, kept, moved, outdated }: PortChanges): PortChangesDocument {
  return {
    fallbacks: [...fallbacks.flatMap(fallbackDocument), ...kept.map(keptDocument)],
    moved: moved.flatMap(({ from, to }) =>
      from === undefined ? [] : [{ name: to.serviceName ?? '', from: from.port, to: to.port }],
    ),
    outdated: outdated.map(({ name, runId, moves }) => ({
      name,
      runId,
      ports: moves.flatMap(({ from }) => (from === undefined ? [] : [from.port])),
    })),
  };
}

type FallbackDocument = PortChangesDocument['fallbacks'][number];

function fallbackDocument({ reservation, fallback }: PortClaim): readonly FallbackDocument[] {
  if (fallback === undefined) return [];
  const { port: preferred } = fallback;
  const conflicting = fallback.by === 'reserved' ? fallback.reservation : undefined;
  return [
    {
      name: reservation.serviceName ?? '',
      preferred,
      port: reservation.port,
      reason: fallbackReason(fallback),
      reservedBy: conflicting ? { serviceName: conflicting.serviceName, projectDir: conflicting.projectDir } : null,
    },
  ];
}

function keptDocument({ reservation, preferred }: PortChanges['kept'][number]): FallbackDocument {
  return { name: reservation.serviceName ?? '', preferred, port: reservation.port, reason: 'kept', reservedBy: null };
}
