import { findUserName } from '../system/user-name.ts';
import type { ContractState } from './contract.ts';
import type { ObservedContract } from './observe-contract.ts';

/** What `--json` and MCP say of a run and its reserved port. */
export interface ContractDocument {
  readonly state: ContractState;
  /** The reserved port when it is the run's, else what its processes listen on instead. */
  readonly listensOn: readonly number[];
  /** Who else listens on the reserved port. What cannot be seen of a process of another user is null. */
  readonly holder: {
    readonly pid: number | null;
    readonly command: string | null;
    readonly user: string | null;
    readonly addresses: readonly string[];
  } | null;
  /** What to do about it: a sentence with something to type. */
  readonly remedy: string | null;
}

export function contractDocument(contract: ObservedContract | null): ContractDocument | null {
  if (contract === null) return null;
  const { state, listensOn, holder, remedy } = contract;
  if (holder === null) return { state, listensOn, holder, remedy };
  const { pid = null, command = null, uid, addresses = [] } = holder;
  const user = uid === undefined ? null : (findUserName(uid) ?? String(uid));
  return { state, listensOn, holder: { pid, command, user, addresses }, remedy };
}
