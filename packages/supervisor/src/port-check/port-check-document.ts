import { renderHint } from '@candle/core';
import type { PortCheckDocument } from '@candle/documents';
import { portOwnerDocument } from '../ports/port-report-document.ts';
import type { CheckedPort } from './check-port.ts';

/** The port check of a run, as `--json` and MCP report it. */
export function portCheckDocument(portCheck: CheckedPort | null): PortCheckDocument | null {
  if (portCheck === null) return null;
  const { status, listensOn, owner, fix } = portCheck;
  return { status, listensOn, owner: owner && portOwnerDocument(owner), fix: fix && renderHint(fix) };
}
