import type { Candle, ProcessIdentity } from '@candle/core';
import type { SupervisorTrouble } from './client/ensure-supervisor.ts';
import type { SupervisorProgram } from './client/start-watchdog.ts';
import { openProcessTable } from './system/open-process-table.ts';
import type { ProcessTable } from './system/process-table.ts';
import { type WaitClock, waitClock } from './system/wait-clock.ts';

/** What the use cases of this package may touch: the ledger, the processes of this machine, and time to wait. */
export interface Supervision extends Candle {
  readonly processes: ProcessTable;
  readonly waiting: WaitClock;
  /** The calling process, which owns the turns that it takes. */
  readonly self: ProcessIdentity;
  /** The environment that services inherit from their caller. */
  readonly callerEnv: Readonly<Record<string, string | undefined>>;
  /** How a supervisor is started; without it services run all the same, and their output is copied later. */
  readonly supervisorProgram?: SupervisorProgram | undefined;
  /** Told when the supervisor is not as it should be; services run all the same. */
  readonly onSupervisorTrouble?: ((trouble: SupervisorTrouble) => void) | undefined;
}

/** Adds the processes of this machine to an opened candle. */
export async function superviseWith(
  candle: Candle,
  given: Pick<Supervision, 'callerEnv' | 'supervisorProgram' | 'onSupervisorTrouble'>,
): Promise<Supervision> {
  const processes = await openProcessTable();
  const self = processes.identify(process.pid) ?? { pid: process.pid, startToken: '' };
  return { ...candle, processes, waiting: waitClock, self, ...given };
}
