import type { CandleEvent, HookedPlugin } from '@candle/core';
import { sendSignal } from '../system/send-signal.ts';
import type { HookLog } from './hook-log.ts';

/** How a process is started that runs the hooks of one plugin. */
export interface HookProgram {
  readonly node: string;
  readonly script: string;
  readonly stateDir: string;
}

/** What it answers when it was told of an event: what went wrong, if anything. */
export interface HookAnswer {
  readonly problem?: string | undefined;
}

export interface HookProcess {
  readonly isAlive: boolean;
  /** Tells it of one event and waits until its hook is over: what went wrong, as a part of a sentence. It is killed when that takes too long. */
  tell(event: CandleEvent, timeoutMs: number): Promise<string | undefined>;
  /** Ends it. What it has started goes on. */
  close(): void;
}

/**
 * Starts a process for the hooks of one plugin: what a plugin does to its process (it blocks it, ends it, breaks its prototypes)
 * concerns nobody else. In a group of its own, which is killed as a whole when it takes too long.
 */
export async function openHookProcess(
  { node, script, stateDir }: HookProgram,
  plugin: HookedPlugin,
  log: HookLog,
): Promise<HookProcess> {
  const { execa } = await import('execa');
  const child = execa(node, [script, stateDir, plugin.name, plugin.root], {
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
  // The end of the process, not of its output: what it has started may keep that open.
  nodeChildProcess.on('error', (error) => end(`its process could not be started (${error.message})`));
  nodeChildProcess.on('exit', (code, signal) => end(`it ended its process (${signal ?? `exit code ${code}`})`));

  function end(how: string): void {
    ending ??= how;
    onEvent(ending);
  }

  return {
    get isAlive() {
      return ending === undefined;
    },
    tell: (event, timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          end(`it took longer than ${timeoutMs / 1_000} s and was ended`);
          if (child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
        }, timeoutMs);
        onEvent = (problem) => {
          clearTimeout(timer);
          onEvent = () => undefined;
          resolve(problem);
        };
        if (ending !== undefined) onEvent(ending);
        else nodeChildProcess.send(event, (error) => error && end(`it cannot be told (${error.message})`));
      }),
    close: () => {
      if (child.pid !== undefined && ending === undefined) sendSignal(child.pid, 'SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}
