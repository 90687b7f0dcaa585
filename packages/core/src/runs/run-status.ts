/** Identifies a process even if its pid is reused later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The process's start time according to the kernel, as text. */
  readonly startToken: string;
}

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

/** Why a run is over: it exited by itself, `kill` stopped it, a newer start replaced it, its start was interrupted, or the reason is unknown. */
export type EndReason = 'exited' | 'stopped' | 'replaced' | 'interrupted' | 'lost';

/** How a run ended. */
export interface RunEnd {
  readonly endedAtMs: number;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly endReason: EndReason;
}

/** The part of a run that events change. The run is active until `endedAtMs` is set. */
export interface RunState extends Nullable<RunEnd> {
  readonly status: RunStatus;
  readonly shim: ProcessIdentity | null;
}

type Nullable<T> = { readonly [Key in keyof T]: T[Key] | null };

/** The state that is recorded before anything is spawned. */
export const newRunState: RunState = {
  status: 'starting',
  shim: null,
  endedAtMs: null,
  exitCode: null,
  exitSignal: null,
  endReason: null,
};

/** An event that can happen to a run, with exactly the data that it adds to the run. */
export type RunEvent =
  | { readonly kind: 'spawned'; readonly shim: ProcessIdentity }
  | { readonly kind: 'served' | 'unready' | 'stopAsked' | 'left' | 'leftAlone' }
  | RunEndEvent;
export type RunEndEvent = RunEnd & { readonly kind: 'ended' | 'startFailed' | 'vanished' };
type RunEventKind = RunEvent['kind'];

/** The meaning of each event. */
export const eventMeanings = {
  spawned: 'The shim was started.',
  served: 'The run was found to be ready.',
  unready: 'The readiness check of the run, which was ready, failed twice in a row.',
  stopAsked: '`kill`, or a start that replaces the run, asked it to stop.',
  left: 'The main program exited with code 0, and other processes of the run are still running.',
  ended: 'No process of the run is left, and its exit was recorded.',
  startFailed: 'The run ended before its start was confirmed, or was never spawned.',
  vanished: 'No process of the run is left, and no exit was recorded.',
  leftAlone: 'The process that was stopping the run was killed, and the run is still running.',
} as const satisfies Record<RunEventKind, string>;

export const runEvents = Object.keys(eventMeanings) as readonly RunEventKind[];

const transitions: Readonly<Record<RunStatus, Partial<Record<RunEventKind, RunStatus>>>> = {
  starting: { spawned: 'running', stopAsked: 'stopping', startFailed: 'failed', ended: 'exited', vanished: 'lost' },
  running: {
    served: 'ready',
    stopAsked: 'stopping',
    left: 'detached',
    ended: 'exited',
    startFailed: 'failed',
    vanished: 'lost',
  },
  ready: {
    unready: 'running',
    stopAsked: 'stopping',
    left: 'detached',
    ended: 'exited',
    startFailed: 'failed',
    vanished: 'lost',
  },
  stopping: { ended: 'exited', startFailed: 'failed', vanished: 'lost', leftAlone: 'running' },
  detached: { stopAsked: 'stopping', ended: 'exited', startFailed: 'failed', vanished: 'lost' },
  exited: {},
  failed: {},
  lost: {},
};

/** The status after the event. An event that does not apply to a status leaves it unchanged. */
export function nextStatus(status: RunStatus, event: RunEventKind): RunStatus {
  return transitions[status][event] ?? status;
}

export function isOver(status: RunStatus): boolean {
  return Object.keys(transitions[status]).length === 0;
}

/** The run after the event. Returns the same object if the event does not apply to its status. */
export function applyEvent<R extends RunState>(run: R, { kind, ...data }: RunEvent): R {
  const status = transitions[run.status][kind];
  return status === undefined ? run : { ...run, status, ...data };
}

/** What the files of a run show. */
export interface RunFiles {
  /** The shim has written its pid. */
  readonly hasBegun: boolean;
  /** Null until the shim has recorded the exit of the main program. */
  readonly exitCode: number | null;
}

/** The status of a live run, including events that no process has recorded. */
export function liveStatus(
  status: RunStatus,
  { hasBegun, exitCode, isShimAlive, isLocked }: RunFiles & { isShimAlive: boolean; isLocked: boolean },
): RunStatus {
  const before = isLocked ? status : nextStatus(status, 'leftAlone');
  // If the start was interrupted between the spawn and its commit, the row still says `starting`.
  if (isShimAlive) return hasBegun ? nextStatus(before, 'spawned') : before;
  return exitCode === 0 ? nextStatus(before, 'left') : before;
}

/** How a run ended of which no process is left. */
export function endKind(status: RunStatus, { hasBegun, exitCode }: RunFiles): RunEndEvent['kind'] {
  if (exitCode !== null) return 'ended';
  // A daemon did start, even if the directory of its run was deleted.
  return hasBegun || status === 'detached' ? 'vanished' : 'startFailed';
}

/** What ended a run: no request, a `kill`, a newer start, its own start, which reports it as failed, or a reboot. */
export type EndCause = 'unrequested' | 'stopped' | 'replaced' | 'startFailed' | 'rebooted';

/** Why a run is over that nobody asked to stop. */
export const unrequestedReasons = { ended: 'exited', startFailed: 'interrupted', vanished: 'lost' } as const;

/** The event that ends a run of which no process is left. */
export function endEvent(
  status: RunStatus,
  { hasBegun, ...exit }: RunFiles & Omit<RunEnd, 'endReason'>,
  cause: EndCause,
): RunEndEvent {
  const kind = endKind(status, { hasBegun, exitCode: exit.exitCode });
  switch (cause) {
    case 'unrequested':
      return { ...exit, kind, endReason: unrequestedReasons[kind] };
    case 'stopped':
    case 'replaced':
      return { ...exit, kind, endReason: cause };
    case 'startFailed':
      return { ...exit, kind: 'startFailed', endReason: 'exited' };
    case 'rebooted':
      return { ...exit, kind: 'vanished', endReason: 'lost' };
  }
}

/** The status of a service; `idle`: it was never started, or it was stopped by `kill`; `done`: a job that need not run again. */
export type ServiceStatus = RunStatus | 'idle' | 'done';

/**
 * Whether a run is that of a job or a setup, which counts as done once it has succeeded: its fingerprint has a second part,
 * for the contents of its inputs.
 */
export function hasInputs(fingerprint: string): boolean {
  return fingerprint.includes(':');
}

/** The status of a service, given its last run as observed and whether its newest request is a `kill`. */
export function serviceStatus(
  last: { status: RunStatus; isAlive: boolean; run: Pick<RunState, 'endReason'> } | undefined,
  isKillRequested: boolean,
): ServiceStatus {
  if (last === undefined) return 'idle';
  const isStopped = last.run.endReason === 'stopped' || isKillRequested;
  return isStopped && !last.isAlive ? 'idle' : last.status;
}

/** The status as shown to users: `RUNNING`, `EXITED (1)`, `not running`, … */
export function statusLabel(service: { status: ServiceStatus; isAlive: boolean; exitCode: number | null }): string {
  const { status, isAlive, exitCode } = service;
  if (status === 'idle') return 'not running';
  if (status === 'done') return 'DONE';
  if (isAlive) return status === 'starting' || status === 'stopping' ? status.toUpperCase() : 'RUNNING';
  const code = exitCode === null ? '' : ` (${exitCode})`;
  return status === 'failed' ? `FAILED${code}` : exitCode === null ? 'LOST' : `EXITED${code}`;
}
