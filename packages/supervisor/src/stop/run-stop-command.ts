import { closeSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { openSpoolToAppend } from '@candle/core/logs';
import { type RunDir, signalOfExitCode } from '@candle/core/runs';
import { writeProblemOf } from '@candle/core/system';
import { describeExit } from '../launch/errors.ts';
import { type Launch, openWorkingDirectory, shellOf } from '../launch/launch.ts';
import { runScript } from '../launch/shim.ts';
import type { Supervision } from '../supervision.ts';
import { closeInherited, runVariable } from '../system/background-process.ts';
import { sendSignal } from '../system/send-signal.ts';

/** A stopCommand and how it is run. */
export interface StopCommand extends Pick<Launch, 'env' | 'interpreter' | 'rootIdentity'> {
  readonly shell: string;
  /** Absolute. */
  readonly root: string;
  readonly timeoutMs: number;
  /** Directory of the run to stop: the output of the command is appended to the output of the run. */
  readonly dir: RunDir;
  /** Called once if the command takes long. */
  readonly onWaiting?: ((pid: number) => void) | undefined;
}

/** The same as for the service itself: users who wait longer than this expect to be told why. */
const waitingReportMs = 1_000;
const pollMs = 10;

/**
 * Runs a stopCommand until it exits, and kills its process group after the timeout. Returns what went wrong, as a
 * clause. Never throws, because a service can be stopped without its stopCommand.
 */
export async function runStopCommand(
  { waiting }: Pick<Supervision, 'waiting'>,
  command: StopCommand,
): Promise<string | undefined> {
  const { dir, shell, root, rootIdentity, timeoutMs } = command;
  const cwd = openWorkingDirectory(root, rootIdentity);
  if ('problem' in cwd) return cwd.problem;
  const script = `${dir.stopCommand}.${process.pid}`;
  try {
    // In a private file, because every user of the machine can read the arguments of every process. The file also marks
    // the spool as in use.
    const isWritten = await writeFile(script, `set --; ${shell}\n`, { mode: 0o600 }).then(
      () => true,
      refuseUnlessUnwritable,
    );
    const { pid, ended } = await spawnStopCommand({ ...command, root: cwd.path }, isWritten ? script : undefined);
    const beganMs = waiting.nowMs();
    let end: { readonly exitCode?: number; readonly signal?: string } | undefined;
    void ended.then((result) => {
      end = result;
    });
    for (let isReported = false; end === undefined && waiting.nowMs() - beganMs < timeoutMs; ) {
      await waiting.sleep(pollMs);
      if (isReported || waiting.nowMs() - beganMs < waitingReportMs) continue;
      command.onWaiting?.(pid);
      isReported = true;
    }
    if (end === undefined) {
      sendSignal(-pid, 'SIGKILL');
      await ended;
      return `it did not exit within ${timeoutMs / 1_000} s and was killed`;
    }
    return problemOf(end);
  } catch (error) {
    return `it could not be run: ${error instanceof Error ? error.message.split('\n', 1).join('') : String(error)}`;
  } finally {
    cwd.close();
    await rm(script, { force: true }).catch(() => undefined);
  }
}

function refuseUnlessUnwritable(error: unknown): false {
  if (writeProblemOf(error) === undefined) throw error;
  return false;
}

function problemOf({ exitCode = null, signal = null }: { exitCode?: number | null; signal?: string | null }) {
  if (exitCode === 0) return undefined;
  return describeExit({ exitCode, exitSignal: signal ?? (exitCode === null ? null : signalOfExitCode(exitCode)) });
}

/** Whether a stopCommand of the run is still running. If so, its spool may still grow although the run has ended. */
export function isStopCommandRunning({ processes }: Pick<Supervision, 'processes'>, dir: RunDir): boolean {
  const prefix = `${basename(dir.stopCommand)}.`;
  return readdirSync(dir.path).some(
    (name) => name.startsWith(prefix) && processes.identify(Number(name.slice(prefix.length))) !== undefined,
  );
}

/** @param script undefined if it could not be written */
async function spawnStopCommand(stopCommand: StopCommand, script: string | undefined) {
  const { dir, root, env, shell } = stopCommand;
  const { execa } = await import('execa');
  // Without the run id, the following stop does not treat the command as a member of the run.
  const { CANDLE_RUN_ID: _, ...environment } = env;
  const output = openOutput(dir);
  try {
    closeInherited();
    const command =
      script === undefined ? runVariable('CANDLE_STOP_COMMAND', shell) : { args: runScript(script), env: {} };
    const [interpreter, ...options] = shellOf(stopCommand);
    const child = execa(interpreter, [...options, ...command.args], {
      cwd: root,
      env: { ...environment, ...command.env },
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      // execa accepts any descriptor, but its types allow only the first few.
      stdio: output === undefined ? 'ignore' : ['ignore', output as 3, output as 3],
    });
    if (child.pid === undefined) throw (await child).cause ?? new Error('sh could not be started');
    return { pid: child.pid, ended: child };
  } finally {
    if (output !== undefined) closeSync(output);
  }
}

/** Undefined if the spool of the run has already been removed, so there is nothing to append to. */
function openOutput(dir: RunDir): number | undefined {
  try {
    return openSpoolToAppend(dir);
  } catch {
    return undefined;
  }
}
