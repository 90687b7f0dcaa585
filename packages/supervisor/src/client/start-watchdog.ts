import { closeSync, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { closeInherited, eventEnvironment, noDebugger } from '../system/background-process.ts';

/** The program of the supervisor. */
export interface SupervisorProgram {
  /** Path of the Node executable that runs the current process. */
  readonly node: string;
  /** Path of the bundled script. */
  readonly script: string;
  /** Version of Candle. */
  readonly version: string;
}

/** A longer log is emptied: it contains only errors of supervisors. */
export const maxLogBytes = 64 * 1024;

export function supervisorLogPath(stateDir: string): string {
  return join(stateDir, 'supervisor.log');
}

/**
 * Restarts a killed supervisor within a quarter of a second. Exits if the supervisor exited by itself (code 0), if
 * Node, the script or the state directory no longer exists, or if the supervisor failed five times without running for
 * ten seconds. SIGKILL does not count as a failure, because it says nothing about the supervisor. The watchdog is
 * passed as text, because an upgrade could replace a script file while the shell reads it.
 */
const watchdogScript = `umask 077
trap : HUP INT
failures=0
while [ -x "$1" ] && [ -f "$2" ] && [ -d "$3" ]; do
  began=$(date +%s)
  "$1" --max-semi-space-size=1 ${noDebugger} "$2" "$3" "$4" "$$"
  code=$?
  [ "$code" = 0 ] && exit 0
  [ $(($(date +%s) - began)) -ge 10 ] && failures=0
  [ "$code" = 137 ] || failures=$((failures + 1))
  [ "$failures" -ge 5 ] && exit 1
  sleep 0.1
done`;

export interface StartedWatchdog {
  /** Whether it gave up because the supervisor failed repeatedly. */
  hasGivenUp(): boolean;
}

/**
 * Starts the watchdog of a supervisor. It inherits nothing from the caller except the user and the location of the
 * user's plugins.
 */
export async function startWatchdog(
  stateDir: string,
  { node, script, version }: SupervisorProgram,
  callerEnv: Readonly<Record<string, string | undefined>>,
): Promise<StartedWatchdog> {
  const { execa } = await import('execa');
  closeInherited();
  const log = openSync(supervisorLogPath(stateDir), 'a', 0o600);
  try {
    if (fstatSync(log).size > maxLogBytes) ftruncateSync(log);
    const watchdog = execa('/bin/sh', ['-c', watchdogScript, 'candle-watchdog', node, script, stateDir, version], {
      cwd: stateDir,
      env: eventEnvironment(callerEnv),
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      stdio: ['ignore', 'ignore', log as 3],
    });
    watchdog.nodeChildProcess.unref();
    let hasGivenUp = false;
    void watchdog.then(({ exitCode }) => {
      hasGivenUp = exitCode !== 0;
    });
    return { hasGivenUp: () => hasGivenUp };
  } finally {
    closeSync(log);
  }
}
