import { type PortHolderDocument, portHolderDocument } from '../ports/port-report-document.ts';
import type { ContractState } from './contract.ts';
import type { ObservedContract } from './observe-contract.ts';

/** What `--json` and MCP say of a run and its reserved port. */
export interface ContractDocument {
  readonly state: ContractState;
  /** The reserved port when it is the run's, else what its processes listen on instead. */
  readonly listensOn: readonly number[];
  /** Who else listens on the reserved port. */
  readonly holder: PortHolderDocument | null;
  /** What to do about it: a sentence with something to type. */
  readonly remedy: string | null;
}

export function contractDocument(contract: ObservedContract | null): ContractDocument | null {
  if (contract === null) return null;
  const { state, listensOn, holder, remedy } = contract;
  return { state, listensOn, holder: holder && portHolderDocument(holder), remedy };
}
