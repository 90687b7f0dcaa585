import { renderHint } from '@candle/core';
import { type PortOwnerDocument, portOwnerDocument } from '../ports/port-report-document.ts';
import type { CheckedPort } from './check-port.ts';
import type { PortCheckStatus } from './port-check.ts';

/** The port check of a run, as `--json` and MCP report it. */
export interface PortCheckDocument {
  readonly status: PortCheckStatus;
  /** The reserved port if the run listens on it, otherwise the ports that its processes listen on instead. */
  readonly listensOn: readonly number[];
  /** The other process that listens on the reserved port. */
  readonly owner: PortOwnerDocument | null;
  /** What to do about it, as a sentence with something to paste. */
  readonly fix: string | null;
}

export function portCheckDocument(portCheck: CheckedPort | null): PortCheckDocument | null {
  if (portCheck === null) return null;
  const { status, listensOn, owner, fix } = portCheck;
  return { status, listensOn, owner: owner && portOwnerDocument(owner), fix: fix && renderHint(fix) };
}
