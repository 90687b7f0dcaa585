import { appendFileSync, rmSync, statSync } from 'node:fs';
import { type CandleEvent, type HookedPlugin, hookLogPath } from '@candle/core/events';
import { noDebugger } from '../system/background-process.ts';
import { sendSignal } from '../system/send-signal.ts';

/** How to start a process that runs the hooks of one plugin. */
export interface HookProgram {
  readonly node: string;
  readonly script: string;
  readonly stateDir: string;
}

/** Its answer to an event: what went wrong, if anything. */
export interface HookAnswer {
  readonly problem?: string | undefined;
}

export interface HookProcess {
  readonly isAlive: boolean;
  /**
   * Delivers one event and waits for the hook. Returns what went wrong, as part of a sentence. Kills the process after the
   * timeout.
   */
  deliver(event: CandleEvent, timeoutMs: number): Promise<string | undefined>;
  /** Kills the process. Processes that it has started keep running. */
  close(): void;
}

/**
 * Starts a process for the hooks of one plugin, so that a plugin that blocks or ends its process, or breaks its prototypes,
 * affects nothing else. The process has its own process group, which is killed as a whole after a timeout.
 */
export async function openHookProcess(
  { node, script, stateDir }: HookProgram,
  plugin: HookedPlugin,
  log: HookLog,
): Promise<HookProcess> {
  const { execa } = await import('execa');
  const child = execa(node, [noDebugger, script, stateDir, plugin.name, plugin.root], {
    cwd: stateDir,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    ipc: true,
    stdin: 'ignore',
  });
  const { nodeChildProcess } = child;
  let ending: string | undefined;
  let onEvent: (problem: string | undefined) => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Uint8Array) => log.add(bytes));
  nodeChildProcess.on('message', ({ problem }: HookAnswer) => onEvent(problem));
  // Wait for the process to exit, not for its output to close: processes that it has started may keep that open.
  nodeChildProcess.on('error', (error) => end(`its process could not be started (${error.message})`));
  nodeChildProcess.on('exit', (code, signal) =>
    end(`its process ${signal === null ? `exited with code ${code}` : `was killed by ${signal}`}`),
  );

  function end(problem: string): void {
    ending ??= problem;
    onEvent(ending);
  }

  return {
    get isAlive() {
      return ending === undefined;
    },
    deliver: (event, timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          end(`it took longer than ${timeoutMs / 1_000} s and was killed`);
          if (child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
        }, timeoutMs);
        onEvent = (problem) => {
          clearTimeout(timer);
          onEvent = () => undefined;
          resolve(problem);
        };
        if (ending !== undefined) onEvent(ending);
        else
          nodeChildProcess.send(event, (error) => error && end(`the event could not be sent to it (${error.message})`));
      }),
    close: () => {
      if (child.pid !== undefined && ending === undefined) sendSignal(child.pid, 'SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

/** A longer file is deleted and started again: only the most recent errors matter. Bytes. */
const maxLogBytes = 256 * 1024;
/** Limit for one process of a plugin, so that a hook with endless output cannot fill the disk. Bytes. */
const maxBytesPerProcess = 64 * 1024;

/** The output of one process of a plugin. */
export class HookLog {
  readonly #path: string;
  #remaining = maxBytesPerProcess;

  constructor(stateDir: string) {
    this.#path = hookLogPath(stateDir);
    if ((statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > maxLogBytes) rmSync(this.#path, { force: true });
  }

  add(bytes: Uint8Array): void {
    if (this.#remaining <= 0) return;
    const kept = bytes.subarray(0, this.#remaining);
    this.#remaining -= kept.length;
    this.#append(kept);
    if (this.#remaining <= 0) this.#append('\n[the rest is omitted]\n');
  }

  /** Adds a line with a timestamp. */
  note(text: string): void {
    this.#append(`${new Date().toISOString()} ${text}\n`);
  }

  #append(data: Uint8Array | string): void {
    try {
      appendFileSync(this.#path, data, { mode: 0o600 });
    } catch {
      // The disk is full, or the state was erased. The output of a hook is not worth an error.
    }
  }
}
