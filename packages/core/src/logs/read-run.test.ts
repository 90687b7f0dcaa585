import { appendFileSync, truncateSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actions, OutputModel } from '../../test/output-model.ts';
import { RunFixture, runRow } from '../../test/run-fixture.ts';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { linePattern } from './line-pattern.ts';
import type { LogEntry } from './log-entry.ts';
import { logBeginning, positionText } from './log-position.ts';
import { shortLineBytes } from './long-line.ts';
import { cutLine, readForward, readTail } from './read-run.ts';
import { RunLog } from './run-log.ts';

function linesOf(entries: readonly LogEntry[]) {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'line') return [];
    const { epoch, offset, endOffset, text } = entry;
    return [{ epoch, offset, endOffset, text }];
  });
}

const withPosition = ({ epoch, offset, endOffset, text }: ReturnType<typeof linesOf>[number]) => ({
  epoch,
  offset,
  endOffset,
  text,
});

test('the last lines, the lines from a position and the lines of a time window match a split of all output, however it was copied, evicted and truncated', async () => {
  const stateDir = temporaryDirectory();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(actions, fc.nat(), fc.nat(30), fc.nat(1_000), fc.nat(1_000), async (all, where, count, a, b) => {
      const run = new RunFixture(stateDir, `run-${runs++}`);
      const model = new OutputModel();
      for (const action of all) model.apply(action, run);
      const log = new RunLog(run.dir);
      const lines = model.lines();

      const tail = await readTail(log, runRow(), {}, count + 1);
      expect(linesOf(tail.entries)).toEqual(lines.slice(-count - 1).map(withPosition));
      expect(tail.end).toEqual(run.end);

      const positions = model.positions();
      const from = positions[where % positions.length] ?? logBeginning;
      const on = await readForward(log, runRow(), from, {}, Infinity);
      expect(linesOf(on.entries)).toEqual(model.lines(from).map(withPosition));
      const first = await readForward(log, runRow(), from, {}, count);
      expect(linesOf(first.entries)).toEqual(model.lines(from).slice(0, count).map(withPosition));
      const rest = await readForward(log, runRow(), first.end, {}, Infinity);
      expect([...linesOf(first.entries), ...linesOf(rest.entries)]).toEqual(linesOf(on.entries));

      const cleared = runRow({ logStart: positionText(from) });
      expect(linesOf((await readTail(log, cleared, {}, Infinity)).entries)).toEqual(
        model.lines(from).map(withPosition),
      );

      const window = { sinceMs: Math.min(a, b), untilMs: Math.max(a, b) };
      const within = (await readTail(log, runRow(), window, Infinity)).entries;
      const isWithin = (atMs = Infinity) => window.sinceMs <= atMs && atMs <= window.untilMs;
      expect(linesOf(within)).toEqual(lines.filter(({ atMs }) => isWithin(atMs)).map(withPosition));
      log.close();
    }),
    { numRuns: 250 },
  );
});

async function tailOf(run: RunFixture, count = Infinity) {
  const log = new RunLog(run.dir);
  try {
    return (await readTail(log, runRow(), {}, count)).entries;
  } finally {
    log.close();
  }
}

const textsOf = (entries: readonly LogEntry[]) =>
  entries.map((entry) => (entry.kind === 'line' ? entry.text : `--- ${entry.kind}`));

test('shows a last line without a newline as partial', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  run.print('one\ntwo> ');
  expect((await tailOf(run)).map((entry) => entry.kind === 'line' && [entry.text, entry.isPartial])).toEqual([
    ['one', false],
    ['two> ', true],
  ]);
});

test('keeps lines with NUL bytes, invalid UTF-8 and carriage returns', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  run.print(Buffer.concat([Buffer.from('a\0b\n'), Buffer.from([0xff, 0xc3, 0x0a]), Buffer.from('c\r\n')]));
  const entries = await tailOf(run);
  expect(textsOf(entries)).toEqual(['a\0b', '\ufffd\ufffd', 'c']);
  expect(entries.map((entry) => entry.kind === 'line' && entry.hasCarriageReturn)).toEqual([
    undefined,
    undefined,
    true,
  ]);
});

test('cuts a line that is too long for a string', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  truncateSync(run.dir.spool, 80 * 1024 * 1024);
  appendFileSync(run.dir.spool, '\nshort\n');
  const [long, short] = textsOf(await tailOf(run, 2));
  expect([long?.length, long?.slice(64 * 1024 * 1024), short]).toEqual([
    64 * 1024 * 1024 + 28,
    '… [16777216 more characters]',
    'short',
  ]);
});

test('finds text after the part of a line that is kept, as waiting for it does', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  truncateSync(run.dir.spool, 80 * 1024 * 1024);
  appendFileSync(run.dir.spool, 'needle\nshort\n');
  const log = new RunLog(run.dir);
  const pattern = await linePattern('needle');
  const cutCharacters = 16 * 1024 * 1024 + 'needle'.length;
  const tail = await readTail(log, runRow(), { pattern }, Infinity);
  expect(tail.entries).toMatchObject([{ cutCharacters, offset: 0 }]);
  const forward = await readForward(log, runRow(), logBeginning, { pattern }, Infinity);
  expect(forward.entries).toMatchObject([{ cutCharacters, offset: 0 }]);
  log.close();
});

const longLine = fc
  .record({
    part: fc.constantFrom('x', 'é', '😀', '\u001b[1m', 'ab\r'),
    bytes: fc.oneof(
      fc.nat(100),
      fc.integer({ min: -4, max: 4 }).map((more) => shortLineBytes + more),
      fc.nat(900_000),
    ),
    needleAt: fc.option(fc.nat(900_000)),
    end: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ part, bytes, needleAt, end }) => {
    const text = part.repeat(bytes / Buffer.byteLength(part));
    return `${needleAt === null ? text : `${text.slice(0, needleAt)}needle${text.slice(needleAt)}`}${end}`;
  });

test('a reader that cuts lines gets long lines as if they were read at once', async () => {
  const stateDir = temporaryDirectory();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(longLine, { maxLength: 3 }),
      longLine,
      fc.constantFrom(undefined, 'needle'),
      async (lines, last, grep) => {
        const run = new RunFixture(stateDir, `run-${runs++}`);
        run.print(`${lines.join('')}${last.trimEnd()}`);
        const pattern = grep === undefined ? undefined : await linePattern(grep);
        const log = new RunLog(run.dir);
        const cut = (entries: readonly LogEntry[]) =>
          entries.flatMap((entry) => {
            if (entry.kind !== 'line') return [];
            const { text, cutCharacters, endOffset } = entry.cutCharacters ? entry : cutLine(entry, 10);
            return [{ text, cutCharacters, endOffset }];
          });
        const query = { pattern, maxTextLength: 10 };
        const whole = cut((await readTail(log, runRow(), { pattern }, Infinity)).entries);
        expect(cut((await readTail(log, runRow(), query, Infinity)).entries)).toEqual(whole);
        expect(cut((await readForward(log, runRow(), logBeginning, query, Infinity)).entries)).toEqual(whole);
        log.close();
        run.removeSpool();
      },
    ),
    { numRuns: 60 },
  );
});

test('marks where output was truncated and where older output was evicted', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  run.print('one\n');
  run.copy();
  run.roll();
  run.print('two\n');
  run.copy();
  expect(textsOf(await tailOf(run))).toEqual(['one', 'two']);
  run.evict();
  expect(textsOf(await tailOf(run))).toEqual(['--- evicted', 'two']);
  run.truncate();
  expect(textsOf(await tailOf(run))).toEqual(['--- evicted', 'two', '--- truncated']);
  run.print('3\n');
  expect(textsOf(await tailOf(run))).toEqual(['--- evicted', 'two', '--- truncated', '3']);
  run.copy();
  run.evict();
  expect(textsOf(await tailOf(run))).toEqual(['--- evicted', '3']);
});

test('reads nothing from a run whose files are gone', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  run.removeSpool();
  expect(await tailOf(run)).toEqual([]);
});

test('finds lines since a time without reading older ones', async () => {
  const run = new RunFixture(temporaryDirectory(), 'run');
  run.print('old\n');
  run.copy({ atMs: 1_000 });
  run.roll();
  run.print('new\n');
  run.copy({ atMs: 2_000 });
  const read: number[] = [];
  class WatchedLog extends RunLog {
    override read(...args: Parameters<RunLog['read']>) {
      read.push(args[0].offset);
      return super.read(...args);
    }
  }
  const log = new WatchedLog(run.dir);
  expect(textsOf((await readTail(log, runRow(), { sinceMs: 1_500 }, 10)).entries)).toEqual(['new']);
  // The byte before the line is read, because it shows that a line begins.
  expect(Math.min(...read)).toBe(3);
  log.close();
});

const line = (text: string) => ({ epoch: 0, offset: 0, endOffset: 0, text, isPartial: false });

test.each([
  ['abcdef', 6, 'abcdef', undefined],
  ['abcdefg', 6, 'abcdef… [1 more characters]', 1],
  ['\u001b[31mabcdef\u001b[0m', 6, 'abcdef', undefined],
  ['a😀b', 2, 'a… [3 more characters]', 3],
  ['', 6, '', undefined],
])('cuts %j to %i characters without counting escape sequences or splitting a character', (text, max, shown, cut) => {
  const found: { text: string; cutCharacters?: number } = cutLine(line(text), max);
  expect([found.text, found.cutCharacters]).toEqual([shown, cut]);
});

test('leaves a line unchanged without a limit', () => {
  const long = line(`\u001b[31m${'x'.repeat(100_000)}`);
  expect(cutLine(long, undefined)).toBe(long);
});
