export const runStatuses = [
  'starting',
  'running',
  'ready',
  'stopping',
  'detached',
  'exited',
  'failed',
  'lost',
] as const;

/**
 * `detached`: the main program ended with 0 and left processes behind that serve on (a daemon).
 * `failed`: it ended before its start was confirmed. `lost`: it ended and nobody recorded how.
 */
export type RunStatus = (typeof runStatuses)[number];

export const runEvents = ['spawned', 'served', 'stopAsked', 'left', 'ended', 'startFailed', 'vanished'] as const;

/**
 * `served`: its port accepts. `left`: the main program ended with 0, members live on. `ended`: no member is left.
 * `startFailed`: it ended, or was never spawned, before its start was confirmed. `vanished`: gone without an exit record.
 */
export type RunEvent = (typeof runEvents)[number];

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
  stopping: { ended: 'exited', startFailed: 'failed', vanished: 'lost' },
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
