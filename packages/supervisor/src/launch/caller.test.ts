import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCandle } from '@candle/core/candle';
import { type Run, runDir } from '@candle/core/runs';
import { expect, onTestFinished, test } from 'vitest';
import { runRow } from '../../../core/test/run-fixture.ts';
import { type Supervision, superviseWith } from '../supervision.ts';
import type { ProcessInfo } from '../system/process-table.ts';
import { findCaller, listAskingRuns, refuseSelfStart } from './caller.ts';

const shimPid = 900_001;
const mainPid = 900_002;

/** A process of the run that shim leads. */
function processOf(pid: number, ppid: number, own: Partial<ProcessInfo> = {}): ProcessInfo {
  return {
    ...{ pid, ppid, startToken: '5', pgid: shimPid, sid: shimPid, uid: process.geteuid?.() ?? 0, command: 'sh' },
    ...{
      isZombie: false,
      isStopped: false,
      isSleeping: false,
      isWithoutRunId: false,
      runId: undefined,
      fds: [],
      listensOn: [],
      ...own,
    },
  };
}

interface Situation {
  /** How the calling process differs from an ordinary process of the run. */
  readonly caller?: Partial<ProcessInfo>;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: string | undefined;
  readonly terminalOfRun?: string | undefined;
  readonly askedBy?: readonly string[];
}

/** A live run of `web`, with this process among the processes of the machine. */
async function openSituation({ caller, env = {}, terminal, terminalOfRun, askedBy = [] }: Situation) {
  const stateDir = mkdtempSync(join(tmpdir(), 'candle-caller-'));
  const candle = openCandle(stateDir);
  onTestFinished(() => {
    candle.store.close();
    rmSync(stateDir, { recursive: true });
  });
  const real = await superviseWith(candle, { callerEnv: env });
  const bootId = real.processes.bootId();
  const shim = { pid: shimPid, startToken: '5' };
  const run = runRow({ id: 'm1-0123456789ab', projectDir: '/shop', serviceName: 'web', bootId });
  await candle.store.runs.insert(run);
  await candle.store.runs.apply(run.id, { kind: 'spawned', shim });
  mkdirSync(runDir(stateDir, run.id).path, { recursive: true });
  writeFileSync(runDir(stateDir, run.id).launch, JSON.stringify({ shell: 'x', root: '/shop', askedBy }));
  const self = { ...real.self, startToken: '9' };
  const own = processOf(self.pid, mainPid, { startToken: '9', ...caller });
  const all = [processOf(shimPid, 1), processOf(mainPid, shimPid), own];
  const processes: Supervision['processes'] = {
    ...real.processes,
    snapshot: () => all,
    isAlive: ({ pid }) => all.some((process) => process.pid === pid),
    sessionOf: (pid) => {
      const found = all.find((process) => process.pid === pid);
      const isCaller = pid === self.pid;
      return found && { pgid: found.pgid, sid: found.sid, terminal: isCaller ? terminal : terminalOfRun };
    },
  };
  return { ...real, self, processes };
}

const elsewhere = { pgid: 900_010, sid: 900_010, ppid: 1 };

test.each<[string, Situation, readonly string[]]>([
  ['a process of the run', {}, ['web']],
  ['a process of the run in another session', { caller: { sid: 900_010, runId: 'm1-0123456789ab' } }, ['web']],
  ['a process that is not part of it', { caller: elsewhere }, []],
  [
    'a process elsewhere that has inherited the variable',
    { caller: { ...elsewhere, runId: 'm1-0123456789ab' }, env: { CANDLE_RUN_ID: 'm1-0123456789ab' } },
    [],
  ],
  ['a variable that names no run', { caller: elsewhere, env: { CANDLE_RUN_ID: 'other' } }, []],
])('finds the run that the caller belongs to: %s', async (_, situation, expected) => {
  const { runs } = await findCaller(await openSituation(situation));
  expect(runs.map(({ serviceName }: Run) => serviceName)).toEqual(expected);
});

test.each<[string, Situation, boolean]>([
  ['without a terminal', {}, false],
  ['on another terminal than that of the run', { terminal: '34816' }, true],
  ['on another terminal than that of a run with a terminal', { terminal: '34816', terminalOfRun: '34817' }, true],
  ['on the terminal of the run', { terminal: '34816', terminalOfRun: '34816' }, false],
])('a command of the run %s', async (_, situation, isTyped) => {
  const supervision = await openSituation(situation);
  expect(await findCaller(supervision)).toMatchObject({ isTyped });
  // What a person types is not asked for by the run.
  expect(await listAskingRuns(supervision)).toEqual(isTyped ? [] : ['m1-0123456789ab']);
});

test('refuses a start of the service of a live run that the caller belongs to, and no other', async () => {
  const supervision = await openSituation({ askedBy: ['m0-0123456789ab', 'gone'] });
  const { store, processes } = supervision;
  const api = runRow({ id: 'm0-0123456789ab', projectDir: '/shop', serviceName: 'api', bootId: processes.bootId() });
  await store.runs.insert(api);
  await store.runs.apply(api.id, { kind: 'spawned', shim: { pid: 900_020, startToken: '5' } });
  const refuse = async (name: string) =>
    refuseSelfStart(supervision, await findCaller(supervision), { projectDir: '/shop', name });
  await expect(refuse('db')).resolves.toBeUndefined();
  await expect(refuse('web')).rejects.toMatchObject({ code: 'SERVICE_STARTS_ITSELF', details: { through: [] } });
  const end = { kind: 'ended', endedAtMs: 1, exitCode: 0, exitSignal: null, endReason: 'exited' } as const;
  await store.runs.end(api.id, end);
  await expect(refuse('api')).resolves.toBeUndefined();
});
