import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOver, nextStatus, runEvents, runStatuses } from './run-status.ts';

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
                spawned     served      stopAsked   left        ended       startFailed vanished    leftAlone
    starting    running     ·           stopping    ·           exited      failed      lost        ·
    running     ·           ready       stopping    detached    exited      failed      lost        ·
    ready       ·           ·           stopping    detached    exited      failed      lost        ·
    stopping    ·           ·           ·           ·           exited      failed      lost        running
    detached    ·           ·           stopping    ·           exited      ·           lost        ·
    exited      ·           ·           ·           ·           ·           ·           ·           ·
    failed      ·           ·           ·           ·           ·           ·           ·           ·
    lost        ·           ·           ·           ·           ·           ·           ·           ·
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
