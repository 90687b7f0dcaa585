import { spawn } from 'node:child_process';
import type { Sandbox } from '@candle/test-kit';
import { bin } from './world.ts';

export interface CallEnd {
  readonly stdout: string;
  readonly stderr: string;
  /** `killed`: the test killed it, as requested. `hung`: the test killed it, because it did not end. */
  readonly end: number | 'killed' | 'hung' | NodeJS.Signals;
}

/** Longer than a stop, a start and a stalled supervisor take together, even on a busy machine. */
const maxMs = 60_000;

/** Runs the CLI. With `killAfterMs`, kills it after that time, whatever it is doing. */
export function callCandle(box: Sandbox, args: readonly string[], killAfterMs?: number): Promise<CallEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: box.projectDir,
      env: box.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (bytes) => output[name].push(bytes));
    let why: 'killed' | 'hung' | undefined;
    const kill = (reason: typeof why) => () => {
      why = reason;
      child.kill('SIGKILL');
    };
    const timers = [
      setTimeout(kill('hung'), maxMs),
      ...(killAfterMs === undefined ? [] : [setTimeout(kill('killed'), killAfterMs)]),
    ];
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const timer of timers) clearTimeout(timer);
      resolve({
        stdout: Buffer.concat(output.stdout).toString(),
        stderr: Buffer.concat(output.stderr).toString(),
        end: code ?? why ?? signal ?? 'hung',
      });
    });
  });
}
