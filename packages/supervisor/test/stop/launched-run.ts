import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSame, type RunMarks } from '../../src/members/members-of.ts';
import { type StoppedTree, type StopTreeOptions, stopTree } from '../../src/stop/stop-tree.ts';
import { waitClock } from '../../src/supervision.ts';
import { createLinuxProcessTable } from '../../src/system/linux-process-table.ts';
import type { ProcessIdentity, ProcessInfo } from '../../src/system/process-table.ts';
import { sendSignal } from '../../src/system/send-signal.ts';
import { waitFor } from './wait-for.ts';

/** A minimal form of the shim of src/launch, so that these tests depend only on the kernel. */
const shimText = `trap : HUP INT QUIT TERM USR1 USR2
printf '%-11s\\n' "$$" 1<>"$1/pid"
sh "$1/command" 3>&-
printf '%-11s\\n' "$?" 1<>"$1/exit"
`;

export const processTable = createLinuxProcessTable();
export const fixture = (name: string) => new URL(`../fixtures/${name}`, import.meta.url).pathname;

export interface LaunchedRun {
  readonly marks: RunMarks;
  readonly shim: ProcessIdentity;
  readonly spool: () => string;
  readonly exitRecord: () => string;
  /** Waits for output that matches the pattern and returns the first group. */
  readonly printed: (pattern: RegExp) => Promise<string>;
  /** Waits for a pid in the output, and cleans up that process at the end of the test. */
  readonly printedPid: (pattern: RegExp) => Promise<ProcessIdentity>;
  readonly stop: (options?: Partial<StopTreeOptions>, marks?: Partial<RunMarks>) => Promise<StoppedTree>;
  readonly end: () => Promise<void>;
}

export async function launch(
  command: string,
  given: { port?: number; cwd?: string; runId?: string } = {},
): Promise<LaunchedRun> {
  const runId = given.runId ?? randomUUID();
  const runDir = realpathSync(mkdtempSync(join(tmpdir(), 'candle-run-')));
  const path = (name: string) => join(runDir, name);
  execFileSync('mkfifo', [path('in'), path('exit-pipe')]);
  for (const name of ['pid', 'exit']) writeFileSync(path(name), `${' '.repeat(11)}\n`);
  writeFileSync(path('shim.sh'), shimText);
  writeFileSync(path('command'), `trap 'exit $?' HUP INT QUIT TERM\n${command}\n`);
  const spoolFd = openSync(path('spool'), constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  const stdio = [
    openSync(path('in'), constants.O_RDWR),
    spoolFd,
    spoolFd,
    openSync(path('exit-pipe'), constants.O_RDWR),
  ];
  const child = spawn('sh', [path('shim.sh'), runDir], {
    detached: true,
    stdio,
    cwd: given.cwd ?? runDir,
    env: { ...process.env, CANDLE_RUN_ID: runId },
  });
  for (const fd of new Set(stdio)) closeSync(fd);
  const shim = processTable.identify(child.pid ?? 0);
  if (shim === undefined) throw new Error('the shim did not start');

  const own: ProcessIdentity[] = [];
  const marks: RunMarks = {
    ...{ runId, runDir, uid: process.getuid?.() ?? 0, shim, port: given.port, portTestedFree: true },
    ...{ recorded: [], otherShims: [], never: [process.pid] },
  };
  const spool = () => readFileSync(path('spool'), 'utf8');
  const printed = (pattern: RegExp) => waitFor(String(pattern), () => pattern.exec(spool())?.[1], spool);
  const living = () => processTable.snapshot().filter((it) => !it.isZombie && isOwn(it));
  const isOwn = (it: ProcessInfo) =>
    it.runId === runId ||
    (it.sid === shim.pid && it.pid !== process.pid) ||
    own.some((known) => known.pid === it.pid && known.startToken === it.startToken);

  return {
    marks,
    shim,
    spool,
    exitRecord: () => readFileSync(path('exit'), 'utf8').trim(),
    printed,
    printedPid: async (pattern) => {
      const pid = Number(await printed(pattern));
      const identity = await waitFor(`process ${pid}`, () => processTable.identify(pid));
      own.push(identity);
      return identity;
    },
    stop: (options = {}, more = {}) =>
      stopTree(
        { ...marks, ...more },
        { signal: 'SIGTERM', timeoutMs: 10_000, processTable, sendSignal, clock: waitClock, ...options },
      ),
    end: async () => {
      await waitFor('the end of all processes of the test', () => {
        const current = processTable.identify(shim.pid);
        // Kills forking processes that no scan sees.
        if (current === undefined || isSame(current, shim)) sendSignal(-shim.pid, 'SIGKILL');
        const left = living();
        for (const { pid } of left) sendSignal(pid, 'SIGKILL');
        return left.length === 0;
      });
      rmSync(runDir, { recursive: true });
    },
  };
}

/** Returns a port that is currently free. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
