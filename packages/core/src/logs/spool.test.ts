import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type RunDir, runDir, spoolMark } from '../runs/run-record.ts';
import { listSegments, segmentAt } from './segments.ts';
import { beginCopy, compareSpool, extendCopy, findCopyEnd } from './spool.ts';

let dir: RunDir;
/** Open during the whole run, like a reader's descriptor. */
let fd: number;

beforeEach(() => {
  const stateDir = realpathSync(mkdtempSync(join(tmpdir(), 'candle-spool-')));
  dir = runDir(stateDir, 'run');
  mkdirSync(dir.log, { recursive: true });
  writeFileSync(dir.spool, '');
  fd = openSync(dir.spool, 'r');
  onTestFinished(() => {
    closeSync(fd);
    rmSync(stateDir, { recursive: true });
  });
});

const print = (text: string | Buffer) => appendFileSync(dir.spool, text);

/** Writes at an offset, as a program does that has opened its output again without O_APPEND. */
function overwrite(offset: number, text: string): void {
  const own = openSync(dir.spool, 'r+');
  writeSync(own, text, offset);
  closeSync(own);
}

/** Creates a segment with a copy of `text` whose first byte is at `offset`. */
function copy(text: string | Buffer, offset = 0, epoch = 0): void {
  writeFileSync(segmentAt(dir, { epoch, offset }).path, text);
}

const compare = () => compareSpool(fd, findCopyEnd(listSegments(dir)));

test('a spool of an earlier Candle is continued if nothing was copied', () => {
  expect(compare()).toEqual({ kind: 'continued', size: 0 });
  print('one\n');
  expect(compare()).toEqual({ kind: 'continued', size: 4 });
});

test.each([1, 63, 64, 65, 5000])('a spool is continued if %i bytes were copied', (length) => {
  const text = randomBytes(length);
  print(text);
  copy(text);
  expect(compare()).toEqual({ kind: 'continued', size: length });
  print('more\n');
  expect(compare()).toEqual({ kind: 'continued', size: length + 5 });
});

test('compares as much as the segments contain', () => {
  print('first second');
  copy('second', 6);
  expect(compare()).toEqual({ kind: 'continued', size: 12 });
  copy('FIRST ', 0);
  expect(compare()).toMatchObject({ kind: 'rewritten', from: 0 });
  copy('first ', 0);
  copy('', 12);
  expect(compare()).toEqual({ kind: 'continued', size: 12 });
});

test('a spool is truncated if it is shorter than its copy', () => {
  print('a line\n');
  copy('a line\n');
  truncateSync(dir.spool);
  expect(compare()).toEqual({ kind: 'rewritten', size: 0, from: 0, to: 0 });
  print('b\n');
  expect(compare()).toEqual({ kind: 'rewritten', size: 2, from: 0, to: 2 });
});

test('a spool without its mark was truncated, although nothing was copied', () => {
  writeFileSync(dir.spool, spoolMark);
  writeFileSync(dir.firstSegment, '');
  print('lost\n');
  expect(compare()).toEqual({ kind: 'continued', size: spoolMark.length + 5 });
  truncateSync(dir.spool);
  expect(compare()).toMatchObject({ kind: 'rewritten', from: 0, to: 0 });
  print('only a warning, which is longer than the mark\n');
  expect(compare()).toMatchObject({ kind: 'rewritten', from: 0 });
});

test.each([
  ['up to', 'b line\n'],
  ['past', 'another line\nand one more\n'],
])('a truncated spool is recognized after it has grown %s the end of its copy', (_, since) => {
  print('a line\n');
  copy('a line\n');
  truncateSync(dir.spool);
  print(since);
  expect(compare()).toEqual({ kind: 'rewritten', size: since.length, from: 0, to: since.length });
});

test('a truncated spool is recognized if it was filled with other lines that end alike', () => {
  const lines = (from: number) =>
    Array.from({ length: 5 }, (_, n) => `${from + n} ${'all is well '.repeat(10)}\n`).join('');
  print(lines(1));
  copy(lines(1));
  truncateSync(dir.spool);
  print(lines(2));
  expect(compare()).toMatchObject({ kind: 'rewritten', from: 0 });
});

test('a hole before the end of the copy, from a program that keeps its write offset, means truncated', () => {
  print('x'.repeat(100));
  copy('x'.repeat(100));
  truncateSync(dir.spool);
  truncateSync(dir.spool, 200);
  expect(compare()).toEqual({ kind: 'rewritten', size: 200, from: 0, to: 200 });
});

test('only the lines that a program has written over are new', () => {
  print('one\ntwo\nthree\nfour\n');
  copy('one\ntwo\nthree\nfour\n');
  overwrite(4, 'TWO\n');
  expect(compare()).toEqual({ kind: 'rewritten', size: 19, from: 4, to: 8 });
  copy('TWO\n', 4, 1);
  copy('', 19, 2);
  expect(compare()).toEqual({ kind: 'continued', size: 19 });
  overwrite(8, 'THREE\nFOUR\nmore\n');
  expect(compare()).toEqual({ kind: 'rewritten', size: 24, from: 8, to: 19 });
});

test('what a copy knows is the same whether it was built up or read from the segments', () => {
  const parts = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 3_000 }), fc.nat(100)), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(parts, fc.nat(1), (all, epoch) => {
      rmSync(dir.log, { recursive: true });
      mkdirSync(dir.log);
      let end = beginCopy(epoch);
      for (const [index, [text, back]] of all.entries()) {
        const bytes = Buffer.from(text);
        // A part may overwrite the end of the part before.
        const from = Math.max(0, end.offset - Math.min(back, index === 0 ? 0 : bytes.length - 1));
        writeFileSync(segmentAt(dir, { epoch: epoch + index, offset: from }).path, bytes);
        end = { ...extendCopy({ ...end, epoch: epoch + index }, from, bytes) };
      }
      const { offset, known } = findCopyEnd(listSegments(dir));
      const length = Math.min(known.length, end.known.length);
      expect(offset).toBe(end.offset);
      expect(known.subarray(-length)).toEqual(end.known.subarray(-length));
    }),
    { numRuns: 100 },
  );
});

/** The block size of common file systems; smaller holes cannot be punched. */
const blockSize = 4096;

test.skipIf(process.platform !== 'linux')(
  'a spool is continued if its copied part was punched out up to a block before its end',
  () => {
    const text = randomBytes(20 * blockSize + 17);
    print(text);
    copy(text);
    const before = statSync(dir.spool).blocks;
    const length = Math.floor((text.length - blockSize) / blockSize) * blockSize;
    execFileSync('fallocate', ['-p', '-o', '0', '-l', String(length), dir.spool]);
    expect(statSync(dir.spool).blocks).toBeLessThan(before);
    expect(compare()).toEqual({ kind: 'continued', size: text.length });
    print('more\n');
    expect(compare()).toEqual({ kind: 'continued', size: text.length + 5 });

    truncateSync(dir.spool);
    print(randomBytes(text.length + 100));
    expect(compare()).toMatchObject({ kind: 'rewritten', from: 0, size: text.length + 100 });
  },
);
