import { quote } from '@candle/core/errors';
import type { Run } from '@candle/core/runs';
import { type Launch, openWorkingDirectory, shellOf } from '../launch/launch.ts';
import { runVariable } from '../system/background-process.ts';
import { sendSignal } from '../system/send-signal.ts';
import type { ReadyProbe } from './ready-probe.ts';

/** A check that takes longer counts as hanging, unless the interval of the check is longer than this. */
const minTimeoutMs = 10_000;

export interface ExecCheck extends Pick<Launch, 'env' | 'interpreter' | 'rootIdentity'> {
  readonly shell: string;
  readonly intervalMs: number;
}

/**
 * Ready when a command exits with code 0. It runs in the run's directory with the run's environment, but its processes
 * are not members of the run.
 */
export function openExecProbe(run: Run, check: ExecCheck): ReadyProbe {
  const { shell, env, rootIdentity, intervalMs } = check;
  const { CANDLE_RUN_ID: _, ...inherited } = env;
  const [interpreter, ...options] = shellOf(check);
  const command = runVariable('CANDLE_READY_CHECK', shell);
  const timeoutMs = Math.max(minTimeoutMs, intervalMs);
  let awaited = `${quote(shell)} has not exited with code 0`;
  let isClosed = false;
  let kill: () => void = () => undefined;
  return {
    get awaited() {
      return awaited;
    },
    check: async () => {
      if (isClosed) return false;
      // Imported lazily: loading execa takes longer than an entire read-only command.
      const { execa } = await import('execa');
      if (isClosed) return false;
      const cwd = openWorkingDirectory(run.root, rootIdentity);
      if ('problem' in cwd) {
        awaited = `${quote(shell)} could not be started: ${cwd.problem}`;
        return false;
      }
      const started = execa(interpreter, [...options, ...command.args], {
        cwd: cwd.path,
        env: { ...inherited, ...command.env },
        extendEnv: false,
        stdio: 'ignore',
        // In a separate process group, so that the command can be killed as a whole.
        detached: true,
        cleanup: false,
        reject: false,
      });
      cwd.close();
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
      else if (hangs) awaited = `${quote(shell)} does not exit within ${timeoutMs / 1000} s`;
      else
        awaited = `${quote(shell)} ${exitCode === undefined ? `is killed by ${signal}` : `exits with code ${exitCode}`}`;
      return exitCode === 0;
    },
    close: () => {
      isClosed = true;
      kill();
    },
  };
}

const living = new Set<() => void>();

/**
 * Kills the command on exit, because Ctrl-C does not reach another session. One listener for all: Node warns about
 * many.
 */
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
