import type { ListeningSockets, ProcessTable } from '../system/process-table.ts';
import { type ProcessSnapshot, takeProcessSnapshot } from './find-members.ts';

/** A snapshot of the machine to share between many queries: each part is read on first use and then cached. */
export interface MachineSnapshot {
  /** Takes a few milliseconds. */
  readonly sockets: () => ListeningSockets;
  /** Takes a few more milliseconds; contains the same sockets. */
  readonly processSnapshot: () => ProcessSnapshot;
}

/** `since`: start token of the (oldest) shim of the runs in question. */
export function takeMachineSnapshot(table: ProcessTable, since?: string | undefined): MachineSnapshot {
  let sockets: ListeningSockets | undefined;
  let processSnapshot: ProcessSnapshot | undefined;
  const snapshot: MachineSnapshot = {
    sockets: () => {
      sockets ??= table.listening();
      return sockets;
    },
    processSnapshot: () => {
      processSnapshot ??= { ...takeProcessSnapshot(table, since), sockets: snapshot.sockets };
      return processSnapshot;
    },
  };
  return snapshot;
}
