import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listSegments, readTimeIndex } from '@candle/core/logs';
import { type RunDir, runDir, spoolMark } from '@candle/core/runs';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { OutputCopy } from './output-copy.ts';

const everything = 1024 * 1024;

function spooledRun(): RunDir {
  const stateDir = mkdtempSync(join(tmpdir(), 'candle-copy-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true }));
  const dir = runDir(stateDir, 'run');
  mkdirSync(dir.path, { recursive: true });
  writeFileSync(dir.spool, '');
  return dir;
}

function open(dir: RunDir, segmentBytes = 64, isApproximate = false): OutputCopy {
  return new OutputCopy(dir, { segmentBytes, isApproximate });
}

/** The copied output, one text per epoch. */
function copied(dir: RunDir): string[] {
  const texts: string[] = [];
  for (const { epoch, path } of listSegments(dir)) {
    texts[epoch] = (texts[epoch] ?? '') + readFileSync(path, 'utf8');
  }
  return texts;
}

test('fills segments one after another and names them after their start offset', () => {
  const dir = spooledRun();
  appendFileSync(dir.spool, 'x'.repeat(150));
  const copy = open(dir);
  expect(copy.step(everything, 1)).toEqual({ copied: 150, rolled: true });
  copy.close();
  expect(listSegments(dir).map(({ offset }) => offset)).toEqual([0, 64, 128]);
});

test('begins a segment early if more output waits than the newest segment holds, so that this one can be evicted', () => {
  const dir = spooledRun();
  appendFileSync(dir.spool, 'x'.repeat(30));
  const copy = open(dir);
  expect(copy.beginEarly()).toBe(false);
  copy.step(everything, 1);
  appendFileSync(dir.spool, 'y'.repeat(30));
  expect(copy.beginEarly()).toBe(false);
  appendFileSync(dir.spool, 'y');
  expect(copy.beginEarly()).toBe(true);
  expect(copy.beginEarly()).toBe(false);
  copy.close();
  const [first] = listSegments(dir);
  if (first) rmSync(first.path);
  const again = open(dir);
  again.step(everything, 2);
  again.close();
  expect(listSegments(dir).map(({ offset, path }) => [offset, readFileSync(path, 'utf8')])).toEqual([
    [30, 'y'.repeat(31)],
  ]);
});

test('copies no more than the budget in one step', () => {
  const dir = spooledRun();
  appendFileSync(dir.spool, 'x'.repeat(150));
  const copy = open(dir);
  expect(copy.step(100, 1).copied).toBe(100);
  expect(copy.step(100, 2).copied).toBe(50);
  expect(copy.step(100, 3).copied).toBe(0);
  copy.close();
});

test('begins a new epoch after a truncation, even if more was printed since than before', () => {
  const dir = spooledRun();
  const copy = open(dir);
  appendFileSync(dir.spool, 'first\n');
  copy.step(everything, 1);
  truncateSync(dir.spool, 0);
  appendFileSync(dir.spool, 'second, which is longer\n');
  copy.step(everything, 2);
  truncateSync(dir.spool, 0);
  appendFileSync(dir.spool, 'x');
  copy.step(everything, 3);
  copy.close();
  expect(copied(dir)).toEqual(['first\n', 'second, which is longer\n', 'x']);
});

test('begins a new epoch after a truncation, even if as much was printed since as before', () => {
  const dir = spooledRun();
  const copy = open(dir);
  for (const text of ['tick 1\n', 'tick 2\n', 'tick 3\n']) {
    truncateSync(dir.spool, 0);
    appendFileSync(dir.spool, text);
    // Sets the time explicitly, because the kernel clock may not advance between two writes.
    utimesSync(dir.spool, 0, Number(text.slice(5)));
    expect(copy.step(everything, 1).copied).toBe(7);
    expect(copy.step(everything, 1).copied).toBe(0);
  }
  copy.close();
  expect(copied(dir)).toEqual(['tick 1\n', 'tick 2\n', 'tick 3\n']);
});

test('copies each line once if the program writes over its output with another descriptor', () => {
  const dir = spooledRun();
  const copy = open(dir, everything);
  const own = openSync(dir.spool, 'r+');
  onTestFinished(() => closeSync(own));
  const printed: string[] = [];
  for (let number = 1; number <= 300; number++) {
    appendFileSync(dir.spool, `a longer line ${number}\n`);
    copy.step(everything, 1);
    writeSync(own, `own ${number}\n`);
    copy.step(everything, 1);
    printed.push(`a longer line ${number}`, `own ${number}`);
  }
  copy.close();
  const lines = copied(dir).join('').split('\n');
  expect(lines.filter((line) => line.startsWith('own'))).toEqual(printed.filter((line) => line.startsWith('own')));
  expect(lines.filter((line) => line.startsWith('a longer'))).toEqual(
    printed.filter((line) => line.startsWith('a longer')),
  );
});

test('notices a truncation before anything was copied, and keeps a mark of one after which nothing was printed', () => {
  const dir = spooledRun();
  mkdirSync(dir.log);
  writeFileSync(dir.spool, spoolMark);
  writeFileSync(dir.firstSegment, '');
  appendFileSync(dir.spool, 'lost\n');
  truncateSync(dir.spool, 0);
  appendFileSync(dir.spool, 'kept\n');
  const copy = open(dir);
  copy.step(everything, 1);
  truncateSync(dir.spool, 0);
  copy.step(everything, 2);
  copy.close();
  expect(listSegments(dir).map(({ epoch, offset }) => [epoch, offset])).toEqual([
    [0, spoolMark.length],
    [1, 0],
    [2, 0],
  ]);
  expect(copied(dir)).toEqual(['', 'kept\n', '']);
});

test('tries again to begin a segment after a failure', () => {
  const dir = spooledRun();
  const copy = open(dir);
  appendFileSync(dir.spool, 'x'.repeat(100));
  for (const name of ['0.0.seg', '0.0.idx']) {
    mkdirSync(join(dir.log, name));
    expect(() => copy.step(everything, 1)).toThrow('EISDIR');
    rmSync(join(dir.log, name), { recursive: true });
  }
  expect(copy.step(everything, 1)).toEqual({ copied: 100, rolled: true });
  copy.close();
  expect(copied(dir)).toEqual(['x'.repeat(100)]);
});

test('writes no partial time records on a full disk, and copies everything once there is space', ({ skip }) => {
  const dir = spooledRun();
  mkdirSync(dir.log);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', dir.log]).status !== 0)
    skip('this user may not mount file systems');
  onTestFinished(() => {
    execFileSync('umount', [dir.log]);
  });
  const copy = open(dir, everything);
  const printed = Array.from({ length: 8_000 }, (_, index) => `line ${index}\n`).join('');
  appendFileSync(dir.spool, printed);
  // Each attempt leaves a record, until there is no space for a whole one.
  for (let nowMs = 0; nowMs < 4_000; nowMs += 20) expect(() => copy.step(everything, nowMs)).toThrow('ENOSPC');
  execFileSync('mount', ['-o', 'remount,size=1m', dir.log]);
  copy.step(everything, 5_000);
  copy.close();
  expect(copied(dir)).toEqual([printed]);
  const [segment] = listSegments(dir);
  const records = segment ? readTimeIndex(segment) : [];
  expect(records.map(({ offset }) => offset)).toEqual(records.map(({ offset }) => offset).sort((a, b) => a - b));
  expect(records.at(-1)).toMatchObject({ atMs: 5_000, isApproximate: false });
});

test('the index contains times, approximate ones for output from before the copy began', () => {
  const dir = spooledRun();
  appendFileSync(dir.spool, 'unwatched\n');
  const copy = open(dir, 64, true);
  copy.step(everything, 5_000);
  appendFileSync(dir.spool, 'watched\n');
  copy.step(everything, 6_000);
  copy.close();
  const [segment] = listSegments(dir);
  const records = segment ? readTimeIndex(segment) : [];
  expect(records.map(({ offset, isApproximate }) => ({ offset, isApproximate }))).toEqual([
    { offset: 0, isApproximate: true },
    { offset: 10, isApproximate: false },
  ]);
  expect(records[1]?.atMs).toBe(6_000);
});

test('drops a partial index record', () => {
  const dir = spooledRun();
  appendFileSync(dir.spool, 'one\n');
  const copy = open(dir);
  copy.step(everything, 1_000);
  copy.close();
  const [segment] = listSegments(dir);
  appendFileSync(segment?.indexPath ?? '', 'torn');
  const again = open(dir);
  appendFileSync(dir.spool, 'two\n');
  again.step(everything, 2_000);
  again.close();
  expect(segment && readTimeIndex(segment).map(({ atMs }) => atMs)).toEqual([1_000, 2_000]);
});

test('keeps every byte once and in order, wherever a copy stops and starts again', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('print' as const), text: fc.string({ maxLength: 300 }) }),
      fc.record({ kind: fc.constant('copy' as const), budget: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ kind: fc.constant('reopen' as const), segmentBytes: fc.integer({ min: 16, max: 256 }) }),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(steps, (sequence) => {
      const dir = spooledRun();
      let printed = '';
      let copy = open(dir);
      for (const step of sequence) {
        if (step.kind === 'print') {
          printed += step.text;
          appendFileSync(dir.spool, step.text);
        } else if (step.kind === 'copy') copy.step(step.budget, 1);
        else {
          copy.close();
          copy = open(dir, step.segmentBytes);
        }
      }
      while (copy.step(everything, 1).copied > 0);
      copy.close();
      expect(Buffer.concat(listSegments(dir).map(({ path }) => readFileSync(path))).toString()).toBe(printed);
    }),
    { numRuns: 60 },
  );
});
