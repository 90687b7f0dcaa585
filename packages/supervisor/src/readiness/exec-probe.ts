import { quote, type Run } from '@candle/core';
import { sendSignal } from '../system/send-signal.ts';
import type { ReadyProbe } from './ready-probe.ts';

/** A check that takes longer hangs, unless the service's interval says that it may. */
const minTimeoutMs = 10_000;

export interface ExecCheck {
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
  readonly intervalMs: number;
}

/** The text travels in a variable, because every user of the machine may read every argv. */
const textVariable = 'CANDLE_READY_CHECK';
const script = `eval "unset ${textVariable}\n$${textVariable}"`;

/** A command ends with 0: started in the run's directory, with its environment. Its processes are no members of the run. */
export function openExecProbe(run: Run, { shell, env, intervalMs }: ExecCheck): ReadyProbe {
  const { CANDLE_RUN_ID: _, ...inherited } = env;
  const check = { cwd: run.root, env: { ...inherited, [textVariable]: shell } };
  const timeoutMs = Math.max(minTimeoutMs, intervalMs);
  let awaited = `${quote(shell)} has not ended with 0`;
  let isClosed = false;
  let kill: () => void = () => undefined;
  return {
    get awaited() {
      return awaited;
    },
    check: async () => {
      if (isClosed) return false;
      // Imported late: its import costs more than a whole command that only reads.
      const { execa } = await import('execa');
      if (isClosed) return false;
      const started = execa('/bin/sh', ['-c', script], {
        ...check,
        extendEnv: false,
        stdio: 'ignore',
        // A group of its own, so that it can be ended as a whole.
        detached: true,
        cleanup: false,
        reject: false,
      });
      const { pid } = started;
      kill = () => void (pid !== undefined && sendSignal(-pid, 'SIGKILL'));
      const forget = endWithThisProcess(kill);
      let hangs = false;
      const timer = setTimeout(() => {
        hangs = true;
        kill();
      }, timeoutMs);
      const { exitCode, signal, originalMessage } = await started;
      clearTimeout(timer);
      forget();
      kill = () => undefined;
      if (isClosed) return false;
      if (pid === undefined) awaited = `${quote(shell)} could not be started: ${originalMessage}`;
      else if (hangs) awaited = `${quote(shell)} does not end within ${timeoutMs / 1000} s`;
      else awaited = `${quote(shell)} ends with ${exitCode ?? signal}`;
      return exitCode === 0;
    },
    close: () => {
      isClosed = true;
      kill();
    },
  };
}

const living = new Set<() => void>();

/** Ctrl-C does not reach another session. One listener for all: Node warns of many. */
function endWithThisProcess(kill: () => void): () => void {
  if (living.size === 0) process.on('exit', endLiving);
  living.add(kill);
  return () => {
    living.delete(kill);
    if (living.size === 0) process.off('exit', endLiving);
  };
}

function endLiving(): void {
  for (const kill of living) kill();
}
