/** What each status says of a run; the first ones are those of a living run. */
export const statusMeanings = {
  starting: 'It is written down, and nothing of it runs yet.',
  running: 'Its main program runs.',
  ready: 'Its main program runs, and it serves.',
  stopping: 'It was asked to end.',
  detached: 'Its main program ended with 0 and left processes behind that serve on: a daemon.',
  exited: 'It ended, and the exit code of its main program is known.',
  failed: 'It ended before its start was certain.',
  lost: 'It ended, and nobody recorded how.',
} as const;

export type RunStatus = keyof typeof statusMeanings;
export const runStatuses = Object.keys(statusMeanings) as readonly RunStatus[];

/** What can happen to a run. */
export const eventMeanings = {
  spawned: 'Its guard was started.',
  served: 'What shows that it is ready was seen.',
  stopAsked: 'Somebody stops it: `kill`, or a start that takes its place.',
  left: 'Its main program ended with 0, and members live on.',
  ended: 'No member is left, and its exit is recorded.',
  startFailed: 'It ended, or was never spawned, before its start was certain.',
  vanished: 'No member is left, and its exit is not recorded.',
  leftAlone: 'Whoever was stopping it was killed, and it lives on.',
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

/** The status after the event; an event that means nothing to a status leaves it as it is. */
export function nextStatus(status: RunStatus, event: RunEvent): RunStatus {
  return transitions[status][event] ?? status;
}

/** Is a run with this status over? */
export function isOver(status: RunStatus): boolean {
  return Object.keys(transitions[status]).length === 0;
}
