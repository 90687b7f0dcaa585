import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findMainPid, findMainProcess } from '../../src/members/main-process.ts';
import type { ProcessDescription, ProcessInfo } from '../../src/system/process-table.ts';
import { aProcess, inTree, shim } from './snapshots.ts';

const shell = inTree({ pid: 101, command: 'sh' });

function find(members: readonly ProcessInfo[], commandLines: Readonly<Record<number, string>> = {}) {
  const describe = (pid: number) => ({ commandLine: commandLines[pid] ?? 'node server.js' }) as ProcessDescription;
  const main = findMainProcess(members, shim, { describe });
  return main.kind === 'found' ? main.process.pid : main.kind;
}

test('is the first process below the shells', () => {
  const worker = inTree({ pid: 103, ppid: 102 });
  expect(find([shim, shell, inTree({ pid: 102, ppid: 101 }), worker])).toBe(102);
  expect(find([shim, shell, inTree({ pid: 102, ppid: 101, command: 'bash' }), worker])).toBe(103);
});

test('is below a script that is run by a shell, although it has its own name', () => {
  const script = inTree({ pid: 102, ppid: 101, command: 'run.sh' });
  const members = [shim, shell, script, inTree({ pid: 103, ppid: 102 })];
  expect(find(members, { 102: '/bin/bash ./run.sh' })).toBe(103);
});

test('is below the runners of package managers', () => {
  const npm = inTree({ pid: 102, ppid: 101, command: 'npm run dev' });
  const inner = inTree({ pid: 103, ppid: 102, command: 'sh' });
  const pnpm = inTree({ pid: 104, ppid: 103 });
  const members = [shim, shell, npm, inner, pnpm, inTree({ pid: 105, ppid: 104 })];
  expect(find(members, { 102: 'npm run dev', 104: 'node /usr/bin/pnpm dev' })).toBe(105);
});

test('does not exist in a pipeline, with a second job, or below a runner of several scripts', () => {
  const two = (ppid: number) => [inTree({ pid: 103, ppid }), inTree({ pid: 104, ppid })];
  expect(find([shim, shell, ...two(101)])).toBe('several');
  const pnpm = inTree({ pid: 102, ppid: 101 });
  expect(find([shim, shell, pnpm, ...two(102)], { 102: 'node /usr/bin/pnpm -r --parallel dev' })).toBe('several');
});

test('is not there yet while only shells and runners are running', () => {
  expect(find([shim])).toBe('none');
  expect(find([shim, shell, inTree({ pid: 102, ppid: 101 })], { 102: 'npm run dev' })).toBe('none');
  expect(find([])).toBe('none');
});

test('does not depend on the shim, which may have been killed', () => {
  const orphan = { ...shell, ppid: 1 };
  expect(find([orphan, inTree({ pid: 102, ppid: 101 })])).toBe(102);
});

test('a daemon without a parent in the run is not a second child', () => {
  expect(find([shim, shell, inTree({ pid: 102, ppid: 101 }), aProcess({ pid: 150, runId: 'run-a' })])).toBe(102);
});

test('is found from the process that a run begins with, or stands for it', () => {
  const pidBelow = (members: readonly ProcessInfo[], pid: number) =>
    findMainPid(pid, {
      childrenOf: (parent) => members.filter(({ ppid }) => ppid === parent),
      describe: (one) => {
        const found = members.find((member) => member.pid === one);
        return found && ({ ...found, commandLine: found.command } as unknown as ProcessDescription);
      },
    });
  const server = inTree({ pid: 102, ppid: 101 });
  expect(pidBelow([shim, shell, server], shim.pid)).toBe(102);
  expect(pidBelow([shell, server], shell.pid)).toBe(102);
  expect(pidBelow([server], server.pid)).toBe(102);
  expect(pidBelow([shim, shell, server, inTree({ pid: 103, ppid: 101 })], shim.pid)).toBe(shim.pid);
  expect(pidBelow([shim, shell], shim.pid)).toBe(shim.pid);
  expect(pidBelow([], 7)).toBe(7);
});

test('is a member that is neither a shell nor a runner, in any tree', () => {
  const pid = fc.integer({ min: 2, max: 9 });
  const process = fc
    .record({ pid, ppid: pid, command: fc.constantFrom('sh', 'node') })
    .map((given) => inTree({ ...given, startToken: String(given.pid) }));
  const members = fc.uniqueArray(process, { selector: (given) => given.pid, maxLength: 8 });
  const runners = fc.uniqueArray(pid);
  fc.assert(
    fc.property(members, runners, (members, runners) => {
      const [first] = members;
      const commandLine = (pid: number) => (runners.includes(pid) ? 'npm run dev' : 'node server.js');
      const describe = (pid: number) => ({ commandLine: commandLine(pid) }) as ProcessDescription;
      const main = findMainProcess(members, first, { describe });
      if (main.kind !== 'found') return;
      expect(members).toContain(main.process);
      expect(main.process.command).not.toBe('sh');
      expect(runners).not.toContain(main.process.pid);
    }),
  );
});
