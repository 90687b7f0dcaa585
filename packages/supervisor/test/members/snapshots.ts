import type { RunMarks } from '../../src/members/members-of.ts';
import type { ProcessInfo } from '../../src/system/process-table.ts';

export const runDir = '/state/runs/run-a';
export const spool = `${runDir}/spool`;
export const onRun = [`${runDir}/in`, spool, spool];
export const onNull = ['/dev/null', '/dev/null', '/dev/null'];
export const onTerminal = ['/dev/pts/3', '/dev/pts/3', '/dev/pts/3'];

/** A process of user 1000 that is newer than the shim and has no mark. By default it leads its own session. */
export function aProcess(given: Partial<ProcessInfo> & { pid: number }): ProcessInfo {
  return {
    startToken: '2000',
    ppid: 1,
    pgid: given.pid,
    sid: given.pid,
    uid: 1000,
    isZombie: false,
    isStopped: false,
    isSleeping: false,
    command: 'node',
    runId: undefined,
    isWithoutRunId: false,
    fds: onNull,
    listensOn: [],
    ...given,
  };
}

export const shim = aProcess({ pid: 100, startToken: '1000', command: 'sh', runId: 'run-a', fds: onRun });

/** A process in the shim's session and group, with all marks. */
export function inTree(given: Partial<ProcessInfo> & { pid: number }): ProcessInfo {
  return aProcess({ ppid: 100, pgid: 100, sid: 100, runId: 'run-a', fds: onRun, ...given });
}

/** The terminal of a run, the shim of that run, and the leader of the terminal's session. */
export const ownTerminal = '/dev/pts/7 of 24';
export const onOwnTerminal = [ownTerminal, ownTerminal, ownTerminal];
export const terminalShim = { ...shim, fds: ['/dev/null', ownTerminal, ownTerminal] };
export const leader = aProcess({ pid: 110, ppid: 100, command: 'sh', runId: 'run-a', fds: onOwnTerminal });

/** A process that a shell with job control has put into its own group, in the session of the terminal. */
export function inSession(given: Partial<ProcessInfo> & { pid: number }): ProcessInfo {
  return aProcess({ ppid: 110, sid: 110, runId: 'run-a', fds: onOwnTerminal, ...given });
}

/** Other processes that exist on every machine: init, a login shell, the caller. */
export const surroundings = [
  aProcess({ pid: 1, startToken: '1', ppid: 0, uid: 0, command: 'init' }),
  aProcess({ pid: 50, startToken: '500', command: 'bash', fds: onTerminal }),
  aProcess({ pid: 900, startToken: '9000', ppid: 50, sid: 50, command: 'candle', fds: onTerminal }),
];

export function aRun(given: Partial<RunMarks> = {}): RunMarks {
  return {
    runId: 'run-a',
    runDir,
    uid: 1000,
    shim: { pid: 100, startToken: '1000' },
    port: 4000,
    portTestedFree: true,
    recorded: [],
    otherShims: [],
    never: [900],
    ...given,
  };
}
