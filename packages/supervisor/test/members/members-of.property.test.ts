import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSame, membersOf } from '../../src/members/members-of.ts';
import type { ProcessInfo } from '../../src/system/process-table.ts';
import { aRun, onNull, onOwnTerminal, onRun } from './snapshots.ts';

// Few values, so that related processes, reused pids and contradictions are frequent.
const pid = fc.integer({ min: 1, max: 12 });
const startToken = fc.integer({ min: 1, max: 9 }).map(String);
const process = fc.record<ProcessInfo>({
  pid,
  startToken,
  ppid: fc.integer({ min: 0, max: 12 }),
  pgid: pid,
  sid: pid,
  uid: fc.constantFrom(1000, 1000, 1000, 0, 33),
  isZombie: fc.boolean(),
  isStopped: fc.boolean(),
  isSleeping: fc.boolean(),
  command: fc.constant('any'),
  runId: fc.constantFrom(undefined, undefined, 'run-a', 'run-b'),
  isWithoutRunId: fc.boolean(),
  fds: fc.constantFrom([], onNull, onRun, onOwnTerminal),
  listensOn: fc.constantFrom([], [4000], [5000]),
});
const identity = fc.record({ pid, startToken });
const situation = fc.record({
  processes: fc.uniqueArray(process, { selector: (given) => given.pid, maxLength: 12 }),
  shim: fc.option(identity, { nil: undefined }),
  session: fc.option(pid, { nil: undefined }),
  recorded: fc.array(identity, { maxLength: 3 }),
  otherShims: fc.array(identity, { maxLength: 2 }),
  never: fc.array(pid, { maxLength: 2 }),
});

test('members are never zombies, init, the caller, of another user or run, or older than the shim', () => {
  fc.assert(
    fc.property(situation, ({ processes, ...marks }) => {
      const { members, detachedHelpers } = membersOf(processes, aRun(marks));
      const byPid = new Map(processes.map((given) => [given.pid, given]));
      const others = marks.otherShims.filter((other) => !isSame(other, marks.shim));
      // The nearest ancestor with a known run decides.
      const runOf = (given: ProcessInfo | undefined, seen = new Set<number>()): string | undefined => {
        if (given === undefined || seen.has(given.pid)) return undefined;
        if (others.some((shim) => isSame(given, shim))) return 'another';
        if (given.runId !== undefined) return given.runId;
        if (isSame(given, marks.shim)) return 'run-a';
        return runOf(byPid.get(given.ppid), seen.add(given.pid));
      };
      for (const member of members) {
        expect(member.isZombie).toBe(false);
        expect(member.uid).toBe(1000);
        expect(member.pid).toBeGreaterThan(1);
        expect(marks.never).not.toContain(member.pid);
        expect(Number(member.startToken)).toBeGreaterThanOrEqual(Number(marks.shim?.startToken ?? 0));
        expect([undefined, 'run-a']).toContain(runOf(member));
        expect(detachedHelpers).not.toContain(member);
      }
    }),
    { numRuns: 5_000 },
  );
});

test('a process without a mark, parent, session or group of the run is never found', () => {
  fc.assert(
    fc.property(situation, process, ({ processes, ...marks }, any) => {
      // Nothing connects this process to the run except its position among reused pids.
      const stranger = { ...any, pid: 99, ppid: 1, pgid: 99, sid: 99, runId: undefined, fds: onNull, listensOn: [] };
      const { members, detachedHelpers, outOfReach } = membersOf([...processes, stranger], aRun(marks));
      expect([...members, ...detachedHelpers, ...outOfReach]).not.toContain(stranger);
    }),
  );
});
