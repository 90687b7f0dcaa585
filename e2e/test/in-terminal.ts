import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runProgram, type Sandbox } from '@candle/test-kit';
import { bin } from './sandbox.ts';

/** Opening a real terminal requires Python's pty module. */
export const hasTerminals = spawnSync('python3', ['-c', 'import pty']).status === 0;

const terminal = fileURLToPath(new URL('./fixtures/run-in-terminal.py', import.meta.url));

/** Runs candle in a terminal, and does `then` when the terminal shows `until`, or when a file with that path appears. */
export function inTerminal(
  box: Pick<Sandbox, 'env' | 'projectDir'>,
  until: string,
  then: 'interrupt' | 'hang-up' | 'enter' | 'wait',
  ...args: string[]
) {
  const command = [process.execPath, bin, ...args];
  return runProgram('python3', [terminal, until, then, ...command], {
    cwd: box.projectDir,
    env: { ...box.env, TERM: 'xterm' },
  });
}
