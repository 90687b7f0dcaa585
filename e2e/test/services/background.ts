import { spawn } from 'node:child_process';
import type { Sandbox } from '@candle/test-kit';
import { onTestFinished } from 'vitest';
import { bin } from '../sandbox.ts';

/** Starts a candle command that runs until it is interrupted. The end of the test kills it. */
export function inBackground(box: Sandbox, args: readonly string[]) {
  const options = { cwd: box.projectDir, env: box.env } as const;
  const child = spawn(process.execPath, [bin, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const shown = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      shown[name] += text;
    });
  }
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  return {
    shown,
    /** The complete lines of stdout so far. */
    lines: () => shown.stdout.split('\n').slice(0, -1),
    ended,
    /** Sends SIGINT, as Ctrl-C does, and returns the exit code or the signal that killed it. */
    interrupt: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}
