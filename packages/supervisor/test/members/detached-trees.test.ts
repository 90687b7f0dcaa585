import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findDetachedTrees, findSidePrograms } from '../../src/members/detached-trees.ts';
import { findMembers } from '../../src/members/find-members.ts';
import type { RunMarks } from '../../src/members/members-of.ts';
import type { ListeningSockets, ProcessInfo } from '../../src/system/process-table.ts';
import {
  aProcess,
  aRun,
  inSession,
  inTree,
  leader,
  ownTerminal,
  shim,
  spool,
  surroundings,
  terminalShim,
} from './snapshots.ts';

const server = inTree({ pid: 101 });
/** A daemon that this run has started, in its own session. */
const daemon = aProcess({ pid: 120, runId: 'run-a', command: 'god' });
const worker = aProcess({ pid: 130, ppid: 120, runId: 'run-a', listensOn: [4000] });
/** A worker of the same daemon that somebody else has asked for. */
const foreign = aProcess({ pid: 140, ppid: 120, isWithoutRunId: true });

function find(given: readonly ProcessInfo[], marks: Partial<RunMarks> = {}) {
  const processes = [...surroundings, ...given];
  const portsOf = (pid: number) => processes.find((process) => process.pid === pid)?.listensOn ?? [];
  const sockets = { portsOf, on: () => [] } as unknown as ListeningSockets;
  const run = aRun(marks);
  const found = findMembers({ processes, sockets: () => sockets }, run);
  const trees = findDetachedTrees(found, run);
  return {
    trees: trees.map(({ use, processes }) => [use, ...processes.map(({ pid }) => pid)]),
    side: findSidePrograms(trees, found, run).map(({ process, ports }) => [process.pid, ...ports]),
  };
}

test('a daemon and its workers in further sessions are one tree', () => {
  expect(find([shim, server, daemon, worker]).trees).toEqual([['own', 120, 130]]);
});

test('a daemon that serves another terminal is shared', () => {
  expect(find([shim, server, daemon, worker, foreign]).trees).toEqual([['shared', 120, 130, 140]]);
});

test('a daemon that serves another run is shared', () => {
  const ofOtherRun = aProcess({ pid: 140, ppid: 120, runId: 'run-b' });
  expect(find([shim, server, daemon, worker, ofOtherRun]).trees).toEqual([['shared', 120, 130]]);
});

test('a daemon below which another service was started is not shared', () => {
  const otherShim = aProcess({ pid: 140, ppid: 120, runId: 'run-b' });
  expect(find([shim, server, daemon, worker, otherShim], { otherShims: [otherShim] }).trees).toEqual([
    ['own', 120, 130],
  ]);
});

test('nothing in the session of the terminal is detached, with or without the shim', () => {
  const withoutEnvironment = inSession({ pid: 111, runId: undefined, isWithoutRunId: true });
  expect(find([terminalShim, leader, withoutEnvironment], { session: 110 }).trees).toEqual([]);
  expect(find([{ ...leader, ppid: 1 }, withoutEnvironment], { session: 110 }).trees).toEqual([]);
});

test('a program that has left the session, but not the terminal, is part of the service', () => {
  const fds = ['/dev/null', ownTerminal, '/dev/null'];
  const process = aProcess({ pid: 120, ppid: 110, runId: 'run-a', fds, listensOn: [9229] });
  expect(find([terminalShim, leader, process], { session: 110 })).toEqual({ trees: [['own', 120]], side: [] });
});

test('a worker that a daemon outside the run has started is shared', () => {
  const stranger = aProcess({ pid: 120, startToken: '600' });
  expect(find([shim, server, stranger, worker]).trees).toEqual([['shared', 130]]);
});

test('an orphan is not the worker of the process that has adopted it', () => {
  const manager = aProcess({ pid: 40, startToken: '400', command: 'systemd' });
  const adopted = { ...worker, ppid: 40 };
  expect(find([{ ...shim, ppid: 40 }, server, manager, adopted]).trees).toEqual([['own', 130]]);
  // Without the shim, nothing says which process adopts orphans.
  expect(find([manager, adopted]).trees).toEqual([['own', 130]]);
});

test('an editor that was opened for the user stays with the server in its terminal', () => {
  const editor = aProcess({ pid: 120, ppid: 101, runId: 'run-a' });
  expect(find([shim, server, editor, { ...worker, listensOn: [5000] }]).trees).toEqual([['opened', 120, 130]]);
});

test('a daemon with an emptied environment belongs to the run alone', () => {
  const nginx = [aProcess({ pid: 140, listensOn: [4000] }), aProcess({ pid: 141, ppid: 140, sid: 140 })];
  expect(
    find(nginx.map((process) => ({ ...process, runId: process.pid === 140 ? 'run-a' : undefined }))).trees,
  ).toEqual([['own', 140, 141]]);
});

test('each detached process is in exactly one tree, whatever the parents are', () => {
  const pid = fc.integer({ min: 110, max: 117 });
  const process = fc
    .record({
      pid,
      ppid: fc.oneof(pid, fc.constant(1)),
      listensOn: fc.constantFrom([], [5000]),
      isWithoutRunId: fc.boolean(),
    })
    .map((given) => aProcess({ ...given, runId: given.isWithoutRunId ? undefined : 'run-a' }));
  fc.assert(
    fc.property(fc.uniqueArray(process, { selector: (given) => given.pid }), (processes) => {
      const { trees } = find([shim, ...processes]);
      const found = trees.flatMap(([, ...pids]) => pids);
      expect(new Set(found).size).toBe(found.length);
      for (const { pid, runId } of processes) if (runId !== undefined) expect(found).toContain(pid);
    }),
  );
});

test.each<[string, ProcessInfo[], number[][]]>([
  ['listens on another port', [shim, server, { ...worker, listensOn: [5000, 5001] }], [[130, 5000, 5001]]],
  ['listens on the port of the run', [shim, server, worker], []],
  ['prints to the output of the run', [shim, server, { ...worker, listensOn: [5000], fds: ['', spool, ''] }], []],
  ['is all that is left of the run', [{ ...worker, listensOn: [5000] }], []],
])('a detached program is reported as a side program or not: it %s', (_, processes, side) => {
  expect(find(processes).side).toEqual(side);
});
