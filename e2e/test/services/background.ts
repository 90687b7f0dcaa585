import { spawn } from 'node:child_process';
import type { Sandbox } from '@candle/test-kit';
import { onTestFinished } from 'vitest';
import { bin } from '../sandbox.ts';

/** A candle that goes on until it is interrupted; it is ended with the test. */
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
    /** Whole lines, so far. */
    lines: () => shown.stdout.split('\n').slice(0, -1),
    ended,
    /** As Ctrl-C does it; the exit code. */
    interrupt: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}
