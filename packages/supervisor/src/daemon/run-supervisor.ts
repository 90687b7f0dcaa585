import { type Candle, openCandle } from '@candle/core/candle';
import { describeRecovery, leaveRecoveryNotice, tryLockSupervisor } from '@candle/core/store';
import { superviseWith } from '../supervision.ts';
import { ActivityLog } from './activity.ts';
import { Supervisor } from './supervisor.ts';

export { supervisorLog } from './supervisor-log.ts';

/** Exit code that tells the watchdog to exit too. After any other code, the watchdog starts the next supervisor. */
const done = 0;

export interface SupervisorInput {
  readonly stateDir: string;
  readonly version: string;
  readonly watchdogPid: number;
  /** Writes an error to supervisor.log. */
  readonly report: (error: unknown) => void;
  /** Receives the events of the services. */
  readonly announce?: Candle['announce'] | undefined;
}

/**
 * The only background process of a state directory: copies output, records exits and restarts services. Returns its
 * exit code when nothing is left to do, when a newer supervisor replaces it, or when its state directory or database
 * was removed. It may be killed at any time, because all its state is in the database and in the directories of the
 * runs.
 */
export async function runSupervisor({
  stateDir,
  version,
  watchdogPid,
  report,
  announce,
}: SupervisorInput): Promise<number> {
  const lock = tryLockSupervisor(stateDir);
  if (!lock) return done;
  const candle = openCandle(stateDir, {
    ...(announce ? { announce } : {}),
    onRecovered: (recovery) => {
      // Each command that reads a copy in memory says so itself.
      if (recovery.unwritable === null) leaveRecoveryNotice(stateDir, describeRecovery(recovery));
    },
  });
  const activity = new ActivityLog({ nowMs: () => performance.now(), cpuMs, afterEvents: setImmediate });
  const onActivity = (what: string) => activity.begin(what);
  const supervision = { ...(await superviseWith(candle, { callerEnv: {} })), onActivity };
  const supervisor = new Supervisor(supervision, { lock, version, watchdogPid, report, activity });
  process.once('SIGTERM', () => supervisor.requestExit());
  return supervisor.run();
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
