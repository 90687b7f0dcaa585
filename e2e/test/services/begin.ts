import { spawn } from 'node:child_process';
import type { Sandbox } from '@candle/test-kit';
import { bin } from '../sandbox.ts';

/** Runs the built CLI, so that a test can kill it. */
export function begin(box: Sandbox, ...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { cwd: box.projectDir, env: box.env, stdio: 'pipe' });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, stderr: () => stderr };
}
