import { closeSync, existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { openSpoolToAppend, type RunDir, signalOfExitCode } from '@candle/core';
import { describeExit } from '../launch/errors.ts';
import type { Supervision } from '../supervision.ts';
import { closeInherited } from '../system/close-inherited.ts';
import { sendSignal } from '../system/send-signal.ts';

/** A stopCommand and how it is run. */
export interface StopCommand {
  readonly shell: string;
  /** Absolute. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Of the run that it ends: its output is shown behind what the run has printed. */
  readonly dir: RunDir;
  /** Told once when it takes long. */
  readonly onWaiting?: ((pid: number) => void) | undefined;
}

/** As for the service itself: whoever waits longer than this wonders why. */
const waitingReportMs = 1_000;
const pollMs = 10;

/**
 * Runs a stopCommand to its end; what is left of its process group after the timeout is killed. Returns what went
 * wrong, as a clause; never throws, as a service can be stopped without it.
 */
export async function runStopCommand(
  { waiting }: Pick<Supervision, 'waiting'>,
  command: StopCommand,
): Promise<string | undefined> {
  const { dir, shell, root, timeoutMs } = command;
  // The system would say that there is no /bin/sh.
  if (!existsSync(root)) return `its directory ${root} does not exist`;
  const script = `${dir.stopCommand}.${process.pid}`;
  try {
    // In a file of its owner's: every user of the machine may read every argv. And it says that the spool is in use.
    await writeFile(script, `${shell}\n`, { mode: 0o600 });
    const { pid, ended } = await spawnStopCommand(command, script);
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
      return `it did not end within ${timeoutMs / 1_000} s and was killed`;
    }
    return problemOf(end);
  } catch (error) {
    return `it could not be run: ${error instanceof Error ? error.message.split('\n', 1).join('') : String(error)}`;
  } finally {
    await rm(script, { force: true }).catch(() => undefined);
  }
}

function problemOf({ exitCode = null, signal = null }: { exitCode?: number | null; signal?: string | null }) {
  if (exitCode === 0) return undefined;
  return describeExit({ exitCode, exitSignal: signal ?? (exitCode === null ? null : signalOfExitCode(exitCode)) });
}

/** Does somebody run a stopCommand of that run? Then more is to come for its spool, though it has ended. */
export function isStopCommandRunning({ processes }: Pick<Supervision, 'processes'>, dir: RunDir): boolean {
  const prefix = `${basename(dir.stopCommand)}.`;
  return readdirSync(dir.path).some(
    (name) => name.startsWith(prefix) && processes.identify(Number(name.slice(prefix.length))) !== undefined,
  );
}

async function spawnStopCommand({ dir, root, env }: StopCommand, script: string) {
  const { execa } = await import('execa');
  // Without the run's id it is no member of it, so the stop that follows does not take it for one.
  const { CANDLE_RUN_ID: _, ...environment } = env;
  const output = openOutput(dir);
  try {
    closeInherited();
    const child = execa('/bin/sh', [script], {
      cwd: root,
      env: environment,
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      // execa takes any descriptor; its types name only the first few.
      stdio: output === undefined ? 'ignore' : ['ignore', output as 3, output as 3],
    });
    if (child.pid === undefined) throw (await child).cause ?? new Error('sh could not be started');
    return { pid: child.pid, ended: child };
  } finally {
    if (output !== undefined) closeSync(output);
  }
}

/** Undefined when the output of the run has been put away already, so that there is nothing to write behind. */
function openOutput(dir: RunDir): number | undefined {
  try {
    return openSpoolToAppend(dir);
  } catch {
    return undefined;
  }
}
