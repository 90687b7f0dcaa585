import type { Step } from './steps.ts';

/** The expected state of a service after the steps so far. */
export interface Model {
  /** Which processes of its latest run are alive. The shim is the parent of the shell, and the shell of the program. */
  readonly shim: boolean;
  readonly shell: boolean;
  readonly program: boolean;
  /** The exit code of the shell that the shim recorded. */
  readonly record: number | null;
  /** How the run ended, once none of its processes is alive. */
  readonly over: 'never started' | 'stopped' | 'failed' | 'ended';
}

export const neverStarted: Model = {
  shim: false,
  shell: false,
  program: false,
  record: null,
  over: 'never started',
};

const started: Model = { shim: true, shell: true, program: true, record: null, over: 'ended' };
const nothing = { shim: false, shell: false, program: false };
/** The exit code with which a shell reports SIGKILL. */
const killed = 137;

/** The model after the step, or undefined if the step does not apply now. */
export function applyStep(model: Model, step: Step): Model | undefined {
  switch (step.do) {
    case 'ps':
      return model;
    case 'start':
    case 'restart':
      return started;
    case 'check-start':
    case 'up':
      return isAlive(model) ? model : started;
    case 'start-and-end':
      return { ...nothing, record: step.code, over: step.code === 0 ? 'ended' : 'failed' };
    case 'kill':
    case 'down':
      return isAlive(model) ? { ...nothing, record: model.record, over: 'stopped' } : model;
    case 'exit':
      return isAlive(model) ? programEnds(model, step.code) : undefined;
    case 'kill -9':
      return killedFromOutside(model, step.what);
  }
}

function killedFromOutside(model: Model, what: 'shim' | 'shell' | 'program' | 'group'): Model | undefined {
  if (what === 'group') return isAlive(model) ? { ...model, ...nothing } : undefined;
  if (!model[what]) return undefined;
  if (what === 'shim') return { ...model, shim: false };
  return what === 'shell' ? shellEnds(model, killed) : programEnds(model, killed);
}

function programEnds(model: Model, code: number): Model {
  const ended = { ...model, program: false };
  return model.shell ? shellEnds(ended, code) : ended;
}

function shellEnds(model: Model, code: number): Model {
  const ended = { ...model, shell: false };
  if (!model.shim) return ended;
  // If a command fails, the supervisor sees the recorded exit code and stops the processes that are left.
  return { ...ended, shim: false, record: code, program: model.program && code === 0 };
}

/** A run is alive as long as its program is. The shim and the shell only wait for the program. */
export function isAlive({ program }: Model): boolean {
  return program;
}

export interface ListedStatus {
  readonly status: string;
  readonly running: boolean;
  readonly exitCode: number | null;
}

/** What `ps` reports. A stopped service can exit with any code. */
export function expectedStatus(model: Model): Partial<ListedStatus> {
  const { over, record } = model;
  if (isAlive(model)) return { status: 'RUNNING', running: true, exitCode: null };
  if (over === 'never started') return { status: 'not running', running: false, exitCode: null };
  if (over === 'stopped') return { status: 'not running', running: false };
  if (record === null) return { status: 'LOST', running: false, exitCode: null };
  return { status: `${over === 'failed' ? 'FAILED' : 'EXITED'} (${record})`, running: false, exitCode: record };
}
