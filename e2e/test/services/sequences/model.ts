import type { Step } from './steps.ts';

/** What has to be true of a service, by what happened to it. */
export interface Model {
  /** The processes of its newest run that live. The guard is the parent of the shell, the shell that of the program. */
  readonly shim: boolean;
  readonly shell: boolean;
  readonly program: boolean;
  /** What the guard wrote down of the end of its shell. */
  readonly record: number | null;
  /** What it ended with, once nothing of it lives. */
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
/** As a shell tells of SIGKILL. */
const killed = 137;

/** The model after the step; undefined when the step has no sense now. */
export function after(model: Model, step: Step): Model | undefined {
  switch (step.do) {
    case 'look':
      return model;
    case 'start':
    case 'restart':
      return started;
    case 'check-start':
      return isAlive(model) ? model : started;
    case 'start-and-end':
      return { ...nothing, record: step.code, over: step.code === 0 ? 'ended' : 'failed' };
    case 'kill':
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
  // What a command that failed has left behind is stopped by the supervisor, which knows of the failure by the record.
  return { ...ended, shim: false, record: code, program: model.program && code === 0 };
}

/** A run is alive as long as its program is: guard and shell only wait for it. */
export function isAlive({ program }: Model): boolean {
  return program;
}

export interface Told {
  readonly status: string;
  readonly running: boolean;
  readonly exitCode: number | null;
}

/** What `ps` has to say. Of a service that was stopped the code is its own business. */
export function told(model: Model): Partial<Told> {
  const { over, record } = model;
  if (isAlive(model)) return { status: 'RUNNING', running: true, exitCode: null };
  if (over === 'never started') return { status: 'not running', running: false, exitCode: null };
  if (over === 'stopped') return { status: 'not running', running: false };
  if (record === null) return { status: 'LOST', running: false, exitCode: null };
  return { status: `${over === 'failed' ? 'FAILED' : 'EXITED'} (${record})`, running: false, exitCode: record };
}
