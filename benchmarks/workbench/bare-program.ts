import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from '../measure/time-command.ts';

export interface BareProgram {
  /** Sends SIGTERM and returns the milliseconds until the program has exited. */
  end(): Promise<number>;
}

/** Starts a program without Candle, and waits until it has printed something. */
export async function openProgram({ file, args, cwd, env }: Command): Promise<BareProgram> {
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  child.stdout.resume();
  return {
    end: async () => {
      const beganMs = performance.now();
      child.kill();
      await ended;
      return performance.now() - beganMs;
    },
  };
}
