import { displacementReason, type PortClaim } from '@candle/core';
import type { PortChanges, StartedServices } from './port-changes.ts';
import { type StartedDocument, startedDocument } from './service-document.ts';

/** What `--json` and MCP say of a start, of whatever kind. */
export interface StartDocument extends PortChangesDocument {
  readonly services: readonly StartedDocument[];
}

/** What became of the project's ports before anything was started. */
export interface PortChangesDocument {
  /** Services that did not get the number that they prefer. */
  readonly displaced: readonly {
    readonly name: string;
    readonly preferred: number;
    /** What it has now. */
    readonly port: number;
    /** `kept`: it had this reservation already. */
    readonly reason: 'reserved' | 'in-use' | 'excluded' | 'kept';
    /** Whose the preferred number is, when it is reserved; `serviceName` null when it is a project's own. */
    readonly owner: { readonly serviceName: string | null; readonly projectDir: string } | null;
  }[];
  readonly moved: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  /** Services that run with a number in their environment that was moved. */
  readonly outdated: readonly { readonly name: string; readonly runId: string; readonly ports: readonly number[] }[];
}

export function startDocument({ done, ports }: StartedServices): StartDocument {
  return { services: done.map(startedDocument), ...portChangesDocument(ports) };
}

export function portChangesDocument({ displaced, kept, moved, outdated }: PortChanges): PortChangesDocument {
  return {
    displaced: [...displaced.flatMap(displacedDocument), ...kept.map(keptDocument)],
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

type DisplacedDocument = PortChangesDocument['displaced'][number];

function displacedDocument({ reservation, displaced }: PortClaim): readonly DisplacedDocument[] {
  if (displaced === undefined) return [];
  const { port: preferred } = displaced;
  const owner = displaced.by === 'reserved' ? displaced.reservation : undefined;
  return [
    {
      name: reservation.serviceName ?? '',
      preferred,
      port: reservation.port,
      reason: displacementReason(displaced),
      owner: owner ? { serviceName: owner.serviceName, projectDir: owner.projectDir } : null,
    },
  ];
}

function keptDocument({ reservation, preferred }: PortChanges['kept'][number]): DisplacedDocument {
  return { name: reservation.serviceName ?? '', preferred, port: reservation.port, reason: 'kept', owner: null };
}
