import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { actions, OutputModel } from '../../test/output-model.ts';
import { RunFixture } from '../../test/run-fixture.ts';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { spoolMark } from '../runs/run-record.ts';
import { followRun } from './follow-output.ts';
import type { LogEntry } from './log-entry.ts';
import { comparePositions, type LogPosition, logBeginning } from './log-position.ts';
import { segmentAt } from './segments.ts';

/** Follows a run; `entries` holds the entries so far. */
function follow(run: RunFixture, { grep }: { grep?: string } = {}) {
  const entries: LogEntry[] = [];
  let at: LogPosition = logBeginning;
  let isOver = false;
  const pattern = grep === undefined ? undefined : { matches: (line: string) => line.includes(grep), plain: grep };
  const candle = { stateDir: dirname(dirname(run.dir.path)), clock: { nowMs: () => 1, monotonicMs: () => 1 } };
  const done = (async () => {
    for await (const batch of followRun(candle, basename(run.dir.path), { isOver: () => isOver, pattern })) {
      entries.push(...batch);
      const line = batch.findLast((entry) => entry.kind === 'line');
      if (line?.kind === 'line') at = { epoch: line.epoch, offset: line.endOffset };
    }
  })();
  const texts = () => entries.map((entry) => (entry.kind === 'line' ? entry.text : `--- ${entry.kind}`));
  const end = () => {
    isOver = true;
    return done;
  };
  onTestFinished(end);
  return {
    entries,
    texts,
    end,
    /** Waits until the complete lines up to a position have arrived. */
    caughtUpWith: (position: LogPosition) => until(() => comparePositions(at, position) >= 0, texts),
  };
}

async function until(condition: () => boolean, explain: () => unknown): Promise<void> {
  for (const deadlineMs = performance.now() + 30_000; !condition(); await sleep(1)) {
    if (performance.now() > deadlineMs) throw new Error(`Timed out: ${JSON.stringify(explain())}`);
  }
}

test('follows every line once and in order while output is copied, evicted and truncated', async () => {
  const stateDir = temporaryDirectory();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(actions, async (all) => {
      const run = new RunFixture(stateDir, `run-${runs++}`);
      const model = new OutputModel();
      const followed = follow(run);
      // By the end of the line, because an eviction in the middle of a line leaves a line with another beginning.
      const printed = new Map<string, readonly [string, string]>();
      // All printed output ends with a newline, so that the test can see that the follower has caught up. Something is always copied.
      const whole = all.map((action) =>
        action.kind === 'print' ? { ...action, bytes: Buffer.concat([action.bytes, Buffer.from('\n')]) } : action,
      );
      for (const action of [{ kind: 'print', bytes: Buffer.from('first line\n') } as const, ...whole]) {
        if (action.kind === 'print' && action.bytes.length > run.room) continue;
        // Two truncations with nothing copied in between look like one.
        if (action.kind === 'truncate') model.apply({ kind: 'copy', length: 1_000_000, atMs: 1 }, run);
        model.apply(action, run);
        if (run.copied.offset === 0 && run.copied.epoch === 0) run.copy();
        const end = run.end;
        for (const { epoch, offset, endOffset, text } of model.lines()) {
          const key = `${epoch}.${endOffset}`;
          if (!printed.has(key)) printed.set(key, [`${epoch}.${offset}`, text]);
        }
        if (end.offset > 0) await followed.caughtUpWith(end);
      }
      await followed.end();
      const lines = followed.entries.flatMap((entry) =>
        entry.kind === 'line' ? [[`${entry.epoch}.${entry.offset}`, entry.text] as const] : [],
      );
      expect(new Set(lines.map(([position]) => position)).size).toBe(lines.length);
      expect(lines).toEqual([...printed.values()]);
    }),
    { numRuns: 40 },
  );
});

test('shows a line without a newline after an idle gap, and continues it with what follows', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  const followed = follow(run);
  run.print('password: ');
  await until(() => followed.entries.length === 1, followed.texts);
  run.print(Buffer.from([0xe2, 0x82]));
  run.print(Buffer.from([0xac, 0x0a]));
  await until(() => followed.entries.length === 2, followed.texts);
  expect(followed.entries).toMatchObject([
    { text: 'password: ', isPartial: true, isContinuation: false, endOffset: 10 },
    { text: '€', isPartial: false, isContinuation: true, offset: 10 },
  ]);
});

test('says of a line, complete or not, whether a carriage return follows its text', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  const followed = follow(run);
  run.print('10 %\r');
  await until(() => followed.entries.length === 1, followed.texts);
  run.print('20 %\r\n\r\nplain\n');
  await until(() => followed.entries.length === 4, followed.texts);
  expect(followed.texts()).toEqual(['10 %', '20 %', '', 'plain']);
  expect(followed.entries.map((entry) => entry.kind === 'line' && entry.hasCarriageReturn)).toEqual([
    true,
    true,
    true,
    undefined,
  ]);
});

test('does not split a line that is searched until it matches', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  const followed = follow(run, { grep: 'needle' });
  run.print('a nee');
  await sleep(300);
  run.print('dle here\nnothing\na needle> ');
  await until(() => followed.entries.length === 2, followed.texts);
  run.print('rest\n');
  await until(() => followed.entries.length === 3, followed.texts);
  expect(followed.texts()).toEqual(['a needle here', 'a needle> ', 'rest']);
});

test('follows the new beginning of output that is truncated before any of it was copied', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  writeFileSync(run.dir.firstSegment, '');
  run.print(spoolMark);
  const followed = follow(run);
  run.print('before\n');
  await until(() => followed.entries.length === 1, followed.texts);
  run.truncate();
  run.print('new\n');
  await until(() => followed.entries.length === 3, followed.texts);
  expect(followed.texts()).toEqual(['before', '--- truncated', 'new']);
});

test('shows a truncation after which nothing is printed, once the copy or the end of the run confirms it', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  run.print('one\n');
  run.copy();
  const followed = follow(run);
  const same = follow(run);
  await until(() => followed.entries.length + same.entries.length === 2, followed.texts);
  run.truncate();
  await same.end();
  expect(same.texts()).toEqual(['one', '--- truncated']);
  expect(followed.texts()).toEqual(['one']);
  writeFileSync(segmentAt(run.dir, { epoch: 1, offset: 0 }).path, '');
  await until(() => followed.entries.length === 2, followed.texts);
  run.print('2\n');
  await until(() => followed.entries.length === 3, followed.texts);
  await followed.end();
  expect(followed.texts()).toEqual(['one', '--- truncated', '2']);
});

test('finds text after the part of a line that is kept', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  truncateSync(run.dir.spool, 80 * 1024 * 1024);
  run.print('needle\nshort\n');
  const followed = follow(run, { grep: 'needle' });
  await followed.end();
  expect(followed.entries).toMatchObject([{ cutCharacters: 16 * 1024 * 1024 + 'needle'.length, offset: 0 }]);
});

test('shows the last output even if the spool is removed at the end', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  run.print('one\ntwo');
  run.copy();
  run.removeSpool();
  const followed = follow(run);
  await followed.end();
  expect(followed.texts()).toEqual(['one', 'two']);
});

test('shows a mark for output that was evicted before it could be read', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  run.print('one\n');
  run.copy();
  run.roll();
  run.print('two\n');
  run.copy();
  run.evict();
  const followed = follow(run);
  await followed.end();
  expect(followed.texts()).toEqual(['--- evicted', 'two']);
});

test('ends with a run that printed nothing and whose spool has been removed', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run-silent');
  const followed = follow(run);
  rmSync(run.dir.spool);
  await followed.end();
  expect(followed.entries).toEqual([]);
});
