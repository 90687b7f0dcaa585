import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { launcher } from '../bad-input/as-user.ts';

const script = fileURLToPath(new URL('../fixtures/listens-on.mjs', import.meta.url));

interface ForeignOptions {
  readonly cwd: string;
  /** Behind the ports on its command line. */
  readonly words?: readonly string[];
  /** In a session and process group of its own. */
  readonly detached?: boolean;
  /** Only root can have it run as another user. */
  readonly uid?: number;
}

/** A process that has nothing to do with Candle and listens on these ports; ends with the test. */
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
      throw new Error('It does not listen');
    }),
  ]);
  return { pid: child.pid ?? 0, end };
}
