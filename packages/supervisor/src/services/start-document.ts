import { fallbackReason, type PortClaim } from '@candle/core';
import type { PortChanges, StartedServices } from './port-changes.ts';
import { type StartedDocument, startedDocument } from './service-document.ts';

/** What `--json` and MCP say of a start, of whatever kind. */
export interface StartDocument extends PortChangesDocument {
  readonly services: readonly StartedDocument[];
}

/** What became of the project's ports before anything was started. */
export interface PortChangesDocument {
  /** Services that did not get the number that they prefer. */
  readonly fallbacks: readonly {
    readonly name: string;
    readonly preferred: number;
    /** What it has now. */
    readonly port: number;
    /** `kept`: it had this reservation already. */
    readonly reason: 'reserved' | 'in-use' | 'excluded' | 'kept';
    /** Whose the preferred number is, when it is reserved; `serviceName` null when it is a project's own. */
    readonly reservedBy: { readonly serviceName: string | null; readonly projectDir: string } | null;
  }[];
  readonly moved: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  /** Services that run with a number in their environment that was moved. */
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
  const owner = fallback.by === 'reserved' ? fallback.reservation : undefined;
  return [
    {
      name: reservation.serviceName ?? '',
      preferred,
      port: reservation.port,
      reason: fallbackReason(fallback),
      reservedBy: owner ? { serviceName: owner.serviceName, projectDir: owner.projectDir } : null,
    },
  ];
}

function keptDocument({ reservation, preferred }: PortChanges['kept'][number]): FallbackDocument {
  return { name: reservation.serviceName ?? '', preferred, port: reservation.port, reason: 'kept', reservedBy: null };
}
