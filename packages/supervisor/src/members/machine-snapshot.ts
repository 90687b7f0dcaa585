import type { ListeningSockets, ProcessTable } from '../system/process-table.ts';
import { type ProcessSnapshot, takeProcessSnapshot } from './find-members.ts';

/** One look at the machine for many questions: each part is made when it is first asked for, and then kept. */
export interface MachineSnapshot {
  /** Some milliseconds. */
  readonly sockets: () => ListeningSockets;
  /** Some milliseconds more; its sockets are the same. */
  readonly processSnapshot: () => ProcessSnapshot;
}

/** `since`: start token of the (oldest) guard whose run is asked about. */
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
