import type { Reservation } from './reservation.ts';

/** What `--json` and MCP say of one reservation; `serviceName` is null for a project-level one. */
export interface ReservedPortDocument {
  readonly port: number;
  readonly serviceName: string | null;
  readonly projectDir: string;
}

export interface ReleasedPortsDocument {
  readonly releasedCount: number;
  /** When a single reservation was named. */
  readonly releasedPort?: number;
  readonly serviceName?: string | null;
  readonly projectDir: string;
}

export function reservedPortDocument({ port, serviceName, projectDir }: Reservation): ReservedPortDocument {
  return { port, serviceName, projectDir };
}

/** `named`: one service or one port was asked for, and so one reservation was released. */
export function releasedPortsDocument(
  projectDir: string,
  released: readonly Reservation[],
  named: boolean,
): ReleasedPortsDocument {
  const [only] = released;
  return {
    releasedCount: released.length,
    ...(named && only ? { releasedPort: only.port, serviceName: only.serviceName } : {}),
    projectDir,
  };
}
