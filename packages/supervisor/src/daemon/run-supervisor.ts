import { type Candle, describeRecovery, leaveRecoveryNotice, openCandle, tryLockSupervisor } from '@candle/core';
import { superviseWith } from '../supervision.ts';
import { Supervisor } from './supervisor.ts';

/** Exit code that tells the watchdog to leave too; after any other it starts the next supervisor. */
const left = 0;

export interface SupervisorInput {
  readonly stateDir: string;
  readonly version: string;
  readonly watchdogPid: number;
  /** Last words, for supervisor.log. */
  readonly report: (error: unknown) => void;
  /** Told what the supervisor has done and seen. */
  readonly announce?: Candle['announce'] | undefined;
}

/**
 * The one background process of a state directory: copies output, records ends, brings services back. Returns its exit
 * code when nothing is left to do, when a newer one is to take its place, or when its state was taken away. It may be
 * killed at any moment: all that it knows stands in the ledger and in the runs' directories.
 */
export async function runSupervisor({
  stateDir,
  version,
  watchdogPid,
  report,
  announce,
}: SupervisorInput): Promise<number> {
  const lock = tryLockSupervisor(stateDir);
  if (!lock) return left;
  const candle = openCandle(stateDir, {
    ...(announce ? { announce } : {}),
    onRecovered: (recovery) => leaveRecoveryNotice(stateDir, describeRecovery(recovery)),
  });
  const supervision = await superviseWith(candle, { callerEnv: {} });
  const supervisor = new Supervisor(supervision, { lock, version, watchdogPid, report });
  process.once('SIGTERM', () => supervisor.askToLeave());
  return supervisor.live();
}
