import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { launcher } from '../bad-input/as-user.ts';

const script = fileURLToPath(new URL('../fixtures/listens-on.mjs', import.meta.url));

interface ForeignOptions {
  readonly cwd: string;
  /** Further arguments, after the ports. */
  readonly words?: readonly string[];
  /** Whether it runs in its own session and process group. */
  readonly detached?: boolean;
  /** The user that it runs as; requires root. */
  readonly uid?: number;
}

/** Starts a process, independent of Candle, that listens on these ports until the test ends. */
export async function foreignListener(
  host: string,
  ports: readonly number[],
  { cwd, words = [], detached = false, uid }: ForeignOptions,
): Promise<{ readonly pid: number; end(): Promise<void> }> {
  const listener = [script, host, ...ports.map(String), '--', ...words];
  const child = spawn(process.execPath, uid === undefined ? listener : [launcher, String(uid), ...listener], {
    cwd,
    detached,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const end = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(end);
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => {
      throw new Error('The process exited without listening');
    }),
  ]);
  return { pid: child.pid ?? 0, end };
}
