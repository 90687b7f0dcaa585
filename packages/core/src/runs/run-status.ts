/** The meaning of each status. The first ones are those of an active run. */
export const statusMeanings = {
  starting: 'The run is recorded in the database, and none of its processes has started yet.',
  running: 'The main program is running.',
  ready: 'The main program is running and ready to serve.',
  stopping: 'The run was asked to stop.',
  detached: 'A daemon: the main program exited with code 0, and processes that it started are still serving.',
  exited: 'The run ended, and the exit code of the main program is known.',
  failed: 'The run ended before its start was confirmed.',
  lost: 'The run ended, and its exit was not recorded.',
} as const;

export type RunStatus = keyof typeof statusMeanings;
export const runStatuses = Object.keys(statusMeanings) as readonly RunStatus[];

/** The events that can happen to a run. */
export const eventMeanings = {
  spawned: 'The shim was started.',
  served: 'The run was found to be ready.',
  stopAsked: '`kill`, or a start that replaces the run, asked it to stop.',
  left: 'The main program exited with code 0, and other processes of the run are still running.',
  ended: 'No process of the run is left, and its exit was recorded.',
  startFailed: 'The run ended before its start was confirmed, or was never spawned.',
  vanished: 'No process of the run is left, and no exit was recorded.',
  leftAlone: 'The process that was stopping the run was killed, and the run is still running.',
} as const;

export type RunEvent = keyof typeof eventMeanings;
export const runEvents = Object.keys(eventMeanings) as readonly RunEvent[];

const transitions: Readonly<Record<RunStatus, Partial<Record<RunEvent, RunStatus>>>> = {
  starting: { spawned: 'running', stopAsked: 'stopping', startFailed: 'failed', ended: 'exited', vanished: 'lost' },
  running: {
    served: 'ready',
    stopAsked: 'stopping',
    left: 'detached',
    ended: 'exited',
    startFailed: 'failed',
    vanished: 'lost',
  },
  ready: { stopAsked: 'stopping', left: 'detached', ended: 'exited', startFailed: 'failed', vanished: 'lost' },
  stopping: { ended: 'exited', startFailed: 'failed', vanished: 'lost', leftAlone: 'running' },
  detached: { stopAsked: 'stopping', ended: 'exited', vanished: 'lost' },
  exited: {},
  failed: {},
  lost: {},
};

/** The status after the event. An event that does not apply to a status leaves it unchanged. */
export function nextStatus(status: RunStatus, event: RunEvent): RunStatus {
  return transitions[status][event] ?? status;
}

export function isOver(status: RunStatus): boolean {
  return Object.keys(transitions[status]).length === 0;
}

/** The status as shown to users: `RUNNING`, `EXITED (1)`, `not running`, … */
export function statusLabel({
  status,
  isAlive,
  exitCode,
}: {
  status: RunStatus | 'idle';
  isAlive: boolean;
  exitCode: number | null;
}): string {
  if (status === 'idle') return 'not running';
  if (isAlive) return status === 'starting' || status === 'stopping' ? status.toUpperCase() : 'RUNNING';
  const code = exitCode === null ? '' : ` (${exitCode})`;
  return status === 'failed' ? `FAILED${code}` : exitCode === null ? 'LOST' : `EXITED${code}`;
}
