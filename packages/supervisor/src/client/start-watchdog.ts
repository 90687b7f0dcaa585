import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventEnvironment } from '../events/event-environment.ts';
import { closeInherited } from '../system/close-inherited.ts';

/** What a supervisor is started with. */
export interface SupervisorProgram {
  /** The Node to run it on: the one that runs this. */
  readonly node: string;
  /** One file with all of it. */
  readonly script: string;
  /** Of Candle. */
  readonly version: string;
}

/** Begun anew when it is longer: it holds the last words of supervisors that failed, and nothing else. */
const maxLogBytes = 64 * 1024;

export function supervisorLogPath(stateDir: string): string {
  return join(stateDir, 'supervisor.log');
}

/**
 * Starts a supervisor again when it is killed: within a quarter of a second. It leaves when the supervisor left by itself
 * (0), when Node, the program or the state directory are gone, or when the supervisor failed five times without living
 * for ten seconds. SIGKILL is not counted, as it says nothing about the supervisor. As text and not as a file, which an
 * upgrade could replace under the shell that reads it.
 */
const watchdogScript = `umask 077
trap : HUP INT
failures=0
while [ -x "$1" ] && [ -f "$2" ] && [ -d "$3" ]; do
  began=$(date +%s)
  "$1" --max-semi-space-size=1 "$2" "$3" "$4" "$$"
  code=$?
  [ "$code" = 0 ] && exit 0
  [ $(($(date +%s) - began)) -ge 10 ] && failures=0
  [ "$code" = 137 ] || failures=$((failures + 1))
  [ "$failures" -ge 5 ] && exit 1
  sleep 0.1
done`;

export interface StartedWatchdog {
  /** It has given up on a supervisor that fails again and again. */
  hasGivenUp(): boolean;
}

/** Starts the watchdog of a supervisor, which has nothing of its caller but the user, and where the user's plugins are. */
export async function startWatchdog(
  stateDir: string,
  { node, script, version }: SupervisorProgram,
  callerEnv: Readonly<Record<string, string | undefined>>,
): Promise<StartedWatchdog> {
  const { execa } = await import('execa');
  closeInherited();
  const log = openSync(supervisorLogPath(stateDir), isLogLong(stateDir) ? 'w' : 'a', 0o600);
  try {
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

function isLogLong(stateDir: string): boolean {
  return (statSync(supervisorLogPath(stateDir), { throwIfNoEntry: false })?.size ?? 0) > maxLogBytes;
}
