import { setTimeout as sleep } from 'node:timers/promises';
import type { Candle } from '@candle/core/candle';
import type { ConfigProblem } from '@candle/core/config';
import type { StartVerb } from '@candle/core/reservations';
import type { ProcessIdentity } from '@candle/core/runs';
import type { SupervisorProgram } from './client/start-watchdog.ts';
import { createLinuxProcessTable } from './system/linux-process-table.ts';
import type { ProcessTable } from './system/process-table.ts';

/** A monotonic clock for waiting. */
export interface WaitClock {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

/** A problem with the supervisor that is worth reporting. */
export type SupervisorTrouble =
  | { readonly kind: 'silent'; readonly pid: number; readonly startedAtMs: number }
  /** It did not respond, so it was killed, and another one has started. */
  | { readonly kind: 'replaced'; readonly pid: number; readonly startedAtMs: number }
  | { readonly kind: 'failed'; readonly lastLines: readonly string[] };

/**
 * What the use cases of this package work with: the database, the processes of this machine, and a clock for waiting.
 */
export interface Supervision extends Candle {
  readonly processes: ProcessTable;
  readonly waiting: WaitClock;
  /** The calling process, which owns the service locks that it takes. */
  readonly self: ProcessIdentity;
  /** The process that the runs started with this must not outlive. If omitted, they continue without it. */
  readonly owner?: ProcessIdentity | undefined;
  /** The environment that services inherit from their caller. */
  readonly callerEnv: Readonly<Record<string, string | undefined>>;
  /** How to start a supervisor. Without it, services still run, and their output is copied later. */
  readonly supervisorProgram?: SupervisorProgram | undefined;
  /** For hints: the command that starts services and can move their ports. If omitted, `start`. */
  readonly startVerb?: StartVerb | undefined;
  /** Called if there is a problem with the supervisor. Services run anyway. */
  readonly onSupervisorTrouble?: ((trouble: SupervisorTrouble) => void) | undefined;
  /** Called before services start, if there are warnings about the configuration or the files of envFile. */
  readonly onConfigWarnings?: ((warnings: readonly ConfigProblem[]) => void) | undefined;
  /** Called before each synchronous step that data can make long, with what the process does from now on. */
  readonly onActivity?: ((activity: string) => void) | undefined;
}

/** Adds access to the processes of this machine to an open Candle. */
export async function superviseWith(
  candle: Candle,
  given: Pick<Supervision, 'callerEnv' | 'supervisorProgram' | 'onSupervisorTrouble' | 'onConfigWarnings'>,
): Promise<Supervision> {
  const processes = await openProcessTable();
  const self = processes.identify(process.pid) ?? { pid: process.pid, startToken: '' };
  return { ...candle, processes, waiting: waitClock, self, ...given };
}

/** The process table of this platform. */
export async function openProcessTable(platform: NodeJS.Platform = process.platform): Promise<ProcessTable> {
  if (platform !== 'darwin') return createLinuxProcessTable();
  // Loaded only where needed, because loading execa takes about 25 ms.
  const [{ createDarwinProcessTable }, { execaSync }] = await Promise.all([
    import('./system/darwin-process-table.ts'),
    import('execa'),
  ]);
  return createDarwinProcessTable((file, args) => {
    const env = { LC_ALL: 'C', TZ: 'UTC', CANDLE_RUN_ID: undefined };
    return execaSync(file, args, { env, reject: false, stdin: 'ignore', stderr: 'ignore' }).stdout ?? '';
  });
}

export const waitClock: WaitClock = {
  nowMs: () => performance.now(),
  sleep: async (ms) => {
    await sleep(ms);
  },
};
