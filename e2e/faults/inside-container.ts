import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ProgramResult, Sandbox } from '@candle/test-kit';
import { onTestFinished } from 'vitest';
import { bin } from '../test/sandbox.ts';

export interface Container {
  /** Runs the built CLI inside the container. */
  candle(...args: readonly string[]): Promise<Pick<ProgramResult, 'stdout' | 'stderr' | 'exitCode'>>;
  /** Counts the processes started with the container that are still alive. */
  countStrangers(): Promise<number>;
  /** Ends the first process of the container, and with it all others. */
  end(): Promise<void>;
}

/** The first process of a container. It acts as init and reads one request per line from stdin. */
const init = `
const { spawn, spawnSync } = require('node:child_process');
const [count] = process.argv.slice(1).map(Number);
const strangers = Array.from({ length: count }, () => spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }));
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const args = JSON.parse(line);
  const answer = (value) => console.log(JSON.stringify(value));
  if (args === 'strangers') {
    setImmediate(() => answer(strangers.filter((each) => each.exitCode === null && each.signalCode === null).length));
  } else {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    answer({ exitCode: status, stdout, stderr });
  }
}).on('close', () => process.exit(0));`;

/** Opens a separate pid namespace that shares the sandbox's files. The user must be allowed to unshare. */
export function insideContainer(box: Sandbox, { strangers = 0 }: { strangers?: number } = {}): Container {
  const args = ['--pid', '--fork', '--kill-child', '--mount-proc', process.execPath, '-e', init, String(strangers)];
  const child = spawn('unshare', args, { cwd: box.projectDir, env: box.env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  onTestFinished(() => void child.kill('SIGKILL'));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line: unknown) => {
    child.stdin.write(`${JSON.stringify(line)}\n`);
    const { value } = await answers.next();
    return JSON.parse(value ?? 'null');
  };
  return {
    candle: (...args) => ask([bin, ...args]),
    countStrangers: () => ask('strangers'),
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
