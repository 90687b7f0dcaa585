import { expect, test } from 'vitest';
import { stopTree } from '../../src/stop/stop-tree.ts';
import type { ProcessInfo, ProcessTable } from '../../src/system/process-table.ts';
import type { SendSignal } from '../../src/system/send-signal.ts';
import {
  aProcess,
  aRun,
  inSession,
  inTree,
  leader,
  onRun,
  shim,
  surroundings,
  terminalShim,
} from '../members/snapshots.ts';

/** A fake kernel. `react` determines how its processes react to signals, and time passes only in sleeps. */
function aKernel(start: readonly ProcessInfo[], react: (pid: number, signal: string) => 'dies' | 'refuses' | 'stays') {
  let processes = [...surroundings, ...start];
  let nowMs = 0;
  const sent: string[] = [];
  const find = (pid: number) => processes.find((it) => it.pid === pid);
  const processTable: ProcessTable = {
    snapshot: () => processes,
    identify: find,
    isAlive: ({ pid, startToken }) => find(pid)?.startToken === startToken,
    bootId: () => 'boot',
    childrenOf: (pid) => processes.filter(({ ppid }) => ppid === pid),
    listening: () => ({
      ids: new Set(),
      on: () => [],
      portsOf: () => [],
      listenersOf: () => [],
      strangersOn: () => [],
      named: () => [],
    }),
    listenersOn: () => [],
    describe: () => undefined,
    variableOf: () => undefined,
    sessionOf: () => undefined,
    userName: () => undefined,
  };
  const sendSignal: SendSignal = (target, signal) => {
    const hit = processes.filter((it) => (target < 0 ? it.pgid === -target : it.pid === target));
    if (hit.length === 0) return 'gone';
    if (signal === 0) return 'sent';
    sent.push(`${signal} ${target}`);
    const dead = new Set(hit.filter((it) => react(it.pid, signal) === 'dies'));
    const refused = hit.every((it) => react(it.pid, signal) === 'refuses');
    processes = processes.filter((it) => !dead.has(it));
    return refused ? 'refused' : 'sent';
  };
  const clock = {
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += Math.max(ms, 1);
    },
  };
  const options = { signal: 'SIGTERM' as const, timeoutMs: 10_000, processTable, sendSignal, clock };
  const replace = (pid: number, by: ProcessInfo) => {
    processes = processes.map((it) => (it.pid === pid ? by : it));
  };
  const add = (process: ProcessInfo) => {
    if (find(process.pid) === undefined) processes = [...processes, process];
  };
  return { options, sent, replace, add };
}

const outsider = aProcess({ pid: 150, ppid: 101, runId: 'run-a', fds: onRun });

test('signals the group once, and each member outside it separately', async () => {
  const { options, sent } = aKernel([shim, inTree({ pid: 101 }), outsider], () => 'dies');
  expect(await stopTree(aRun(), options)).toMatchObject({ outcome: 'gone', killed: false });
  expect(sent).toEqual(['SIGTERM -100', 'SIGTERM 150']);
});

test('with a terminal, signals the group of the program, and the shim and other groups of the session separately', async () => {
  const processes = [terminalShim, leader, inSession({ pid: 111, pgid: 110 }), inSession({ pid: 112 })];
  const { options, sent } = aKernel(processes, () => 'dies');
  expect(await stopTree(aRun({ session: 110 }), options)).toMatchObject({ outcome: 'gone', killed: false });
  expect(sent).toEqual(['SIGTERM -110', 'SIGTERM 100', 'SIGTERM 112']);
});

test('does not signal a member whose pid was reused between the scan and the signal', async () => {
  const kernel = aKernel([shim, outsider], (pid) => {
    if (pid === 100) kernel.replace(150, aProcess({ pid: 150, startToken: '7777', command: 'stranger' }));
    return 'dies';
  });
  await stopTree(aRun(), kernel.options);
  expect(kernel.sent).toEqual(['SIGTERM -100']);
});

test('signals no process if another process with its own group has reused the pid of the shim', async () => {
  const stranger = aProcess({ pid: 100, startToken: '5000' });
  const { options, sent } = aKernel([stranger, aProcess({ pid: 101, ppid: 100, pgid: 100, sid: 100 })], () => 'dies');
  expect(await stopTree(aRun(), options)).toMatchObject({ outcome: 'gone', killed: false });
  expect(sent).toEqual([]);
});

test('does not signal the group as a whole while the caller is in it', async () => {
  const { options, sent } = aKernel([shim, inTree({ pid: 101 }), inTree({ pid: 102, ppid: 101 })], () => 'dies');
  expect(await stopTree(aRun({ never: [102] }), options)).toMatchObject({ outcome: 'gone' });
  expect(sent).toEqual(['SIGTERM 100', 'SIGTERM 101']);
});

test('continues a suspended member after the signal', async () => {
  const stopped = { ...outsider, isStopped: true };
  const { options, sent } = aKernel([shim, stopped], (_pid, signal) => (signal === 'SIGTERM' ? 'stays' : 'dies'));
  await stopTree(aRun(), { ...options, timeoutMs: 0 });
  expect(sent.slice(0, 3)).toEqual(['SIGTERM -100', 'SIGTERM 150', 'SIGCONT 150']);
});

test('signals processes that a shell starts after the signal, but not those that a program starts', async () => {
  const late = inTree({ pid: 102, ppid: 101, startToken: '3000' });
  const stop = async (command: string) => {
    const first = inTree({ pid: 101, command });
    const kernel = aKernel([shim, first], (pid, signal) => {
      if (pid === 101 && signal === 'SIGTERM') kernel.replace(101, late);
      return signal === 'SIGTERM' && pid === 101 ? 'stays' : 'dies';
    });
    await stopTree(aRun(), { ...kernel.options, timeoutMs: 200 });
    return kernel.sent;
  };
  expect(await stop('sh')).toEqual(['SIGTERM -100', 'SIGTERM 102']);
  expect(await stop('node')).toEqual(['SIGTERM -100', 'SIGKILL 102']);
});

test('does not signal again what a shell starts that was sleeping, nor its children, nor what replaces it', async () => {
  const reader = inTree({ pid: 101, command: 'sh', isSleeping: true });
  const kernel = aKernel([shim, reader], (pid, signal) => {
    if (pid === 101 && signal === 'SIGTERM') kernel.replace(101, { ...reader, command: 'cleanup' });
    return signal === 'SIGTERM' ? 'stays' : 'dies';
  });
  const { sleep } = kernel.options.clock;
  kernel.options.clock.sleep = async (ms) => {
    await sleep(ms);
    if (kernel.options.clock.nowMs() === 5) kernel.add(inTree({ pid: 102, ppid: 101, startToken: '3000' }));
    if (kernel.options.clock.nowMs() === 15) kernel.add(inTree({ pid: 103, ppid: 102, startToken: '3001' }));
  };
  await stopTree(aRun(), { ...kernel.options, timeoutMs: 200 });
  expect(kernel.sent.filter((sent) => sent.startsWith('SIGTERM'))).toEqual(['SIGTERM -100']);
});

test('with the target main, signals only the main process, and the others a second after it has ended', async () => {
  const server = inTree({ pid: 102, ppid: 101 });
  const worker = { ...outsider, ppid: 102 };
  const { options, sent } = aKernel([shim, inTree({ pid: 101, command: 'sh' }), server, worker], (pid, signal) =>
    pid === 102 || signal === 'SIGKILL' ? 'dies' : 'stays',
  );
  const signalledAtMs: number[] = [];
  const sendSignal: SendSignal = (target, signal) => {
    if (signal === 'SIGTERM') signalledAtMs.push(options.clock.nowMs());
    return options.sendSignal(target, signal);
  };
  expect(await stopTree(aRun(), { ...options, sendSignal, target: 'main' })).toMatchObject({ outcome: 'gone' });
  expect(sent.slice(0, 3)).toEqual(['SIGTERM 102', 'SIGTERM -100', 'SIGTERM 150']);
  expect(signalledAtMs[1]).toBeGreaterThanOrEqual(1_000);
  expect(signalledAtMs[1]).toBeLessThan(options.timeoutMs / 2);
  expect(options.clock.nowMs()).toBeGreaterThanOrEqual(options.timeoutMs);
});

test('with the target main, signals the others after half of the timeout if the main process does not end', async () => {
  const server = inTree({ pid: 102, ppid: 101, isStopped: true });
  const { options, sent } = aKernel([shim, inTree({ pid: 101, command: 'sh' }), server], (_, signal) =>
    signal === 'SIGKILL' ? 'dies' : 'stays',
  );
  expect(await stopTree(aRun(), { ...options, target: 'main' })).toMatchObject({ outcome: 'gone', killed: true });
  expect(sent.slice(0, 3)).toEqual(['SIGTERM 102', 'SIGCONT 102', 'SIGTERM -100']);
  expect(options.clock.nowMs()).toBeLessThan(options.timeoutMs + 1_000);
});

test('with the target main, signals all processes at once if several may be the main process', async () => {
  const pipeline = [inTree({ pid: 102, ppid: 101 }), inTree({ pid: 103, ppid: 101, command: 'cat' })];
  const { options, sent } = aKernel([shim, inTree({ pid: 101, command: 'sh' }), ...pipeline], () => 'dies');
  expect(await stopTree(aRun(), { ...options, target: 'main' })).toMatchObject({ outcome: 'gone', killed: false });
  expect(sent).toEqual(['SIGTERM -100']);
});

test('reports processes that cannot be killed, and does not wait for them indefinitely', async () => {
  const { options } = aKernel([shim, outsider], (pid) => (pid === 150 ? 'refuses' : 'dies'));
  const stopped = await stopTree(aRun(), options);
  expect(stopped).toMatchObject({ outcome: 'survived', killed: true, survivors: [{ pid: 150 }] });
});

test('reports the processes it waits for after one second, then every five seconds', async () => {
  const { options } = aKernel([shim, inTree({ pid: 101 })], (_pid, signal) =>
    signal === 'SIGTERM' ? 'stays' : 'dies',
  );
  const reported: number[][] = [];
  const onWaiting = (processes: readonly ProcessInfo[]) => reported.push(processes.map((it) => it.pid));
  await stopTree(aRun(), { ...options, onWaiting });
  expect(reported).toEqual([[101], [101]]);
});

test('does not signal a tree that exits within the grace period', async () => {
  const { options, sent, replace } = aKernel([shim, inTree({ pid: 101 })], () => 'dies');
  const { sleep } = options.clock;
  let sleeps = 0;
  options.clock.sleep = async (ms) => {
    await sleep(ms);
    sleeps += 1;
    if (sleeps === 3) for (const pid of [100, 101]) replace(pid, aProcess({ pid, startToken: '9', isZombie: true }));
  };
  expect(await stopTree(aRun(), { ...options, graceMs: 1_000 })).toMatchObject({ outcome: 'gone', killed: false });
  expect(sent).toEqual([]);
});

test('signals a tree that does not exit within the grace period', async () => {
  const { options, sent } = aKernel([shim, inTree({ pid: 101 })], () => 'dies');
  await stopTree(aRun(), { ...options, graceMs: 1_000 });
  expect(sent).toEqual(['SIGTERM -100']);
  expect(options.clock.nowMs()).toBeGreaterThanOrEqual(1_000);
});

test('signals and reports shells that wait for the caller, without waiting for them', async () => {
  const shell = inTree({ pid: 101, command: 'bash' });
  const caller = inTree({ pid: 102, ppid: 101 });
  const { options, sent } = aKernel([shim, shell, caller], (_, signal) => (signal === 'SIGKILL' ? 'dies' : 'stays'));
  const stopped = await stopTree(aRun({ never: [102] }), options);
  expect(stopped).toMatchObject({ outcome: 'gone', killed: false });
  expect(stopped.waitedForCaller.map(({ pid }) => pid)).toEqual([100, 101]);
  expect(options.clock.nowMs()).toBeLessThan(options.timeoutMs / 2);
  expect(sent).toEqual(['SIGTERM 100', 'SIGTERM 101', 'SIGKILL 101', 'SIGSTOP 100', 'SIGKILL 100']);
});

test('waits for a program from which the caller was started, because it can exit before the caller', async () => {
  const editor = inTree({ pid: 101, command: 'node' });
  const caller = inTree({ pid: 102, ppid: 101 });
  const { options } = aKernel([shim, editor, caller], (_, signal) => (signal === 'SIGKILL' ? 'dies' : 'stays'));
  expect(await stopTree(aRun({ never: [102] }), options)).toMatchObject({ killed: true, waitedForCaller: [] });
  expect(options.clock.nowMs()).toBeGreaterThanOrEqual(options.timeoutMs);
});
