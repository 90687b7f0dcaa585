import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyEvent,
  endEvent,
  isOver,
  liveStatus,
  newRunState,
  nextStatus,
  type RunEvent,
  type RunState,
  runEvents,
  runStatuses,
} from './run-status.ts';

test('every event changes every status as the table shows', () => {
  const width = 11;
  const table = [
    ['', ...runEvents],
    ...runStatuses.map((status) => [
      status,
      ...runEvents.map((event) => (nextStatus(status, event) === status ? '·' : nextStatus(status, event))),
    ]),
  ];
  const text = table
    .map((row) =>
      row
        .map((cell) => cell.padEnd(width))
        .join(' ')
        .trimEnd(),
    )
    .join('\n');
  expect(`\n${text}\n`).toMatchInlineSnapshot(`
    "
                spawned     served      unready     stopAsked   left        ended       startFailed vanished    leftAlone
    starting    running     ·           ·           stopping    ·           exited      failed      lost        ·
    running     ·           ready       ·           stopping    detached    exited      failed      lost        ·
    ready       ·           ·           running     stopping    detached    exited      failed      lost        ·
    stopping    ·           ·           ·           ·           ·           exited      failed      lost        running
    detached    ·           ·           ·           stopping    ·           exited      failed      lost        ·
    exited      ·           ·           ·           ·           ·           ·           ·           ·           ·
    failed      ·           ·           ·           ·           ·           ·           ·           ·           ·
    lost        ·           ·           ·           ·           ·           ·           ·           ·           ·
    "
  `);
});

test('no event revives a run that is over', () => {
  const over = runStatuses.filter(isOver);
  expect(over).toEqual(['exited', 'failed', 'lost']);
  for (const status of over) for (const event of runEvents) expect(nextStatus(status, event)).toBe(status);
});

test('for any sequence of events, an end is final, and only leftAlone cancels a stop', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...runEvents)), (events) => {
      let status = nextStatus('starting', 'spawned');
      let stopAsked = false;
      for (const event of events) {
        const wasOver = isOver(status);
        const next = nextStatus(status, event);
        if (wasOver) expect(next).toBe(status);
        stopAsked = (stopAsked || event === 'stopAsked') && event !== 'leftAlone' && !wasOver;
        if (stopAsked && !isOver(next)) expect(next).toBe('stopping');
        status = next;
      }
    }),
  );
});

const exit = fc.record({ endedAtMs: fc.nat(), exitCode: fc.option(fc.nat(255)), exitSignal: fc.constant(null) });
const cause = fc.constantFrom('unrequested', 'stopped', 'replaced', 'startFailed', 'rebooted');
const ends = fc
  .tuple(fc.constantFrom(...runStatuses), fc.boolean(), exit, cause)
  .map(([status, hasBegun, ended, by]) => endEvent(status, { hasBegun, ...ended }, by));
const changes = fc.constantFrom<RunEvent>(
  { kind: 'spawned', shim: { pid: 7, startToken: '1' } },
  { kind: 'served' },
  { kind: 'unready' },
  { kind: 'stopAsked' },
  { kind: 'left' },
  { kind: 'leftAlone' },
);

/** An active run has no end, a run that is over has one, and a run that has not started has no shim. */
function expectLegal({ status, shim, endedAtMs, exitCode, exitSignal, endReason }: RunState) {
  if (isOver(status)) {
    expect(endedAtMs).not.toBeNull();
    expect(endReason).not.toBeNull();
  } else {
    expect({ endedAtMs, exitCode, exitSignal, endReason }).toEqual({
      endedAtMs: null,
      exitCode: null,
      exitSignal: null,
      endReason: null,
    });
  }
  if (status === 'starting') expect(shim).toBeNull();
}

test('any sequence of events leaves a legal state, and an end ends every active run', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(changes, ends)), ends, (events, end) => {
      let run = newRunState;
      for (const event of events) {
        run = applyEvent(run, event);
        expectLegal(run);
      }
      const ended = applyEvent(run, end);
      expect(isOver(ended.status)).toBe(true);
      if (isOver(run.status)) expect(ended).toBe(run);
    }),
  );
});

test.each([
  ['unrequested', { hasBegun: true, exitCode: 3 }, 'exited', 'exited'],
  ['unrequested', { hasBegun: true, exitCode: null }, 'lost', 'lost'],
  ['unrequested', { hasBegun: false, exitCode: null }, 'failed', 'interrupted'],
  ['stopped', { hasBegun: true, exitCode: 143 }, 'exited', 'stopped'],
  ['stopped', { hasBegun: true, exitCode: null }, 'lost', 'stopped'],
  ['replaced', { hasBegun: true, exitCode: 0 }, 'exited', 'replaced'],
  ['startFailed', { hasBegun: true, exitCode: 3 }, 'failed', 'exited'],
  ['rebooted', { hasBegun: true, exitCode: 3 }, 'lost', 'lost'],
] as const)('a run that ended (%s, %o) is %s because of %s', (by, files, status, endReason) => {
  const event = endEvent('running', { ...files, exitSignal: null, endedAtMs: 5 }, by);
  expect(applyEvent({ ...newRunState, status: 'running' }, event)).toMatchObject({ status, endReason, endedAtMs: 5 });
});

test('a daemon whose files are gone is lost, because it did start', () => {
  const remains = { hasBegun: false, exitCode: null, exitSignal: null, endedAtMs: 5 };
  expect(endEvent('detached', remains, 'unrequested')).toMatchObject({ kind: 'vanished', endReason: 'lost' });
});

test.each([
  ['starting', { isShimAlive: true }, 'running'],
  ['starting', { isShimAlive: true, hasBegun: false }, 'starting'],
  ['running', { isShimAlive: true }, 'running'],
  ['running', { exitCode: 0 }, 'detached'],
  ['running', { exitCode: 1 }, 'running'],
  ['stopping', { exitCode: 0 }, 'stopping'],
  ['stopping', { isShimAlive: true, isLocked: false }, 'running'],
  ['stopping', { exitCode: 0, isLocked: false }, 'detached'],
] as const)('a live run that was %s and shows %o is %s', (status, signs, expected) => {
  const usual = { hasBegun: true, exitCode: null, isShimAlive: false, isLocked: true };
  expect(liveStatus(status, { ...usual, ...signs })).toBe(expected);
});
