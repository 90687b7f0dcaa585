import { type PortOwnerDocument, portOwnerDocument } from '../ports/port-report-document.ts';
import type { CheckedPort } from './check-port.ts';
import type { PortCheckStatus } from './port-check.ts';

/** What `--json` and MCP say of a run and its reserved port. */
export interface PortCheckDocument {
  readonly status: PortCheckStatus;
  /** The reserved port when it is the run's, else what its processes listen on instead. */
  readonly listensOn: readonly number[];
  /** Who else listens on the reserved port. */
  readonly owner: PortOwnerDocument | null;
  /** What to do about it: a sentence with something to type. */
  readonly fix: string | null;
}

export function portCheckDocument(portCheck: CheckedPort | null): PortCheckDocument | null {
  if (portCheck === null) return null;
  const { status, listensOn, owner, fix } = portCheck;
  return { status, listensOn, owner: owner && portOwnerDocument(owner), fix };
}
