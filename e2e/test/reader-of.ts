import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@candle/test-kit';

/** Returns the pid of the process that moves the output of a run from its pipe to its spool. */
export function findReader(run: string): number | undefined {
  const fd = (pid: string, number: number) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${number}`);
    } catch {
      return undefined; // It has exited, or belongs to another user.
    }
  };
  const pid = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((name) => fd(name, 0) === join(run, 'output') && fd(name, 1) === join(run, 'spool'));
  return pid === undefined ? undefined : Number(pid);
}

/** Kills the reader of a run several times, each time after a different delay. */
export async function killReaders(run: string, times: number): Promise<void> {
  let last: number | undefined;
  for (let index = 0; index < times; index++) {
    last = await awaitReader(run, last);
    await sleep((index * 37) % 101);
    process.kill(last, 'SIGKILL');
  }
  await awaitReader(run, last);
}

export function awaitReader(run: string, except?: number): Promise<number> {
  return until('a process reads the output', () => {
    const pid = findReader(run);
    return pid === except ? undefined : pid;
  });
}
