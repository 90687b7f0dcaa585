import type { Candle } from '@candle/core/candle';
import type { ProcessIdentity } from '@candle/core/runs';
import type { SupervisorProgram } from './client/start-watchdog.ts';
import { openProcessTable } from './system/open-process-table.ts';
import type { ProcessTable } from './system/process-table.ts';
import { type WaitClock, waitClock } from './system/wait-clock.ts';

/** A problem with the supervisor that is worth reporting. */
export type SupervisorTrouble =
  | { readonly kind: 'silent'; readonly pid: number; readonly startedAtMs: number }
  | { readonly kind: 'failed'; readonly lastLines: readonly string[] };

/**
 * What the use cases of this package work with: the database, the processes of this machine, and a clock for waiting.
 */
export interface Supervision extends Candle {
  readonly processes: ProcessTable;
  readonly waiting: WaitClock;
  /** The calling process, which owns the service locks that it takes. */
  readonly self: ProcessIdentity;
  /** The environment that services inherit from their caller. */
  readonly callerEnv: Readonly<Record<string, string | undefined>>;
  /** How to start a supervisor. Without it, services still run, and their output is copied later. */
  readonly supervisorProgram?: SupervisorProgram | undefined;
  /** Called if there is a problem with the supervisor. Services run anyway. */
  readonly onSupervisorTrouble?: ((trouble: SupervisorTrouble) => void) | undefined;
}

/** Adds access to the processes of this machine to an open Candle. */
export async function superviseWith(
  candle: Candle,
  given: Pick<Supervision, 'callerEnv' | 'supervisorProgram' | 'onSupervisorTrouble'>,
): Promise<Supervision> {
  const processes = await openProcessTable();
  const self = processes.identify(process.pid) ?? { pid: process.pid, startToken: '' };
  return { ...candle, processes, waiting: waitClock, self, ...given };
}
