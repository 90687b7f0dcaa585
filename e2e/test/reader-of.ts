import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';

/** Returns the pid of the process that moves the output of a run from its pipe to its spool. */
export function findReader(run: string): number | undefined {
  return withDescriptors({ 0: join(run, 'output'), 1: join(run, 'spool') })[0];
}

/** Returns the pids of the processes that connect the terminal of a run with its pipes. */
export function findRelays(run: string): readonly number[] {
  return withDescriptors({ 0: join(run, 'output'), 3: join(run, 'in') });
}

function withDescriptors(files: Readonly<Record<number, string>>): readonly number[] {
  const has = (pid: string, fd: string, file: string) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`) === file;
    } catch {
      return false; // It has exited, or belongs to another user.
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Object.entries(files).every(([fd, file]) => has(name, fd, file)))
    .map(Number);
}

/** Kills the reader of a run several times, each time after it has written a different number of times. */
export async function killReaders(run: string, times: number): Promise<void> {
  let last: number | undefined;
  for (let index = 0; index < times; index++) {
    last = await awaitReader(run, last);
    for (let writes = index % 4; writes > 0; writes--) await awaitWrite(join(run, 'spool'));
    process.kill(last, 'SIGKILL');
  }
  await awaitReader(run, last);
}

async function awaitWrite(spool: string): Promise<void> {
  const { size } = statSync(spool);
  await until('the reader writes output to the spool', () => statSync(spool).size !== size);
}

export function awaitReader(run: string, except?: number): Promise<number> {
  return until('a process reads the output', () => {
    const pid = findReader(run);
    return pid === except ? undefined : pid;
  });
}
