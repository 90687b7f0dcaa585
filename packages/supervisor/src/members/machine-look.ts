import type { ListeningSockets, ProcessTable } from '../system/process-table.ts';
import { type ProcessView, viewProcesses } from './find-members.ts';

/** One look at the machine for many questions: each part is made when it is first asked for, and then kept. */
export interface MachineLook {
  /** Some milliseconds. */
  readonly sockets: () => ListeningSockets;
  /** Some milliseconds more; its sockets are the same. */
  readonly view: () => ProcessView;
}

/** `since`: start token of the (oldest) guard whose run is asked about. */
export function lookAtMachine(table: ProcessTable, since?: string | undefined): MachineLook {
  let sockets: ListeningSockets | undefined;
  let view: ProcessView | undefined;
  const look: MachineLook = {
    sockets: () => {
      sockets ??= table.listening();
      return sockets;
    },
    view: () => {
      view ??= { ...viewProcesses(table, since), sockets: look.sockets };
      return view;
    },
  };
  return look;
}
