import { fallbackReason, type PortClaim } from '@candle/core';
import type { PortChanges } from './prepare-ports.ts';
import { type StartedDocument, startedDocument } from './service-document.ts';
import type { StartedServices } from './start.ts';

/** The result of a start of any kind, as `--json` and MCP report it. */
export interface StartDocument extends PortChangesDocument {
  readonly services: readonly StartedDocument[];
}

/** How the ports of the project changed before anything was started. */
export interface PortChangesDocument {
  /** Services that did not get their preferred port. */
  readonly fallbacks: readonly {
    readonly name: string;
    readonly preferred: number;
    /** The port that it has now. */
    readonly port: number;
    /** `kept`: it already had this reservation. */
    readonly reason: 'reserved' | 'in-use' | 'excluded' | 'kept';
    /** Who has reserved the preferred port, if anyone; `serviceName` is null for a port of the project itself. */
    readonly reservedBy: { readonly serviceName: string | null; readonly projectDir: string } | null;
  }[];
  readonly moved: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  /** Running services whose environment contains a port that has since been moved. */
  readonly outdated: readonly { readonly name: string; readonly runId: string; readonly ports: readonly number[] }[];
}

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
