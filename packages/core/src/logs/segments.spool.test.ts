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
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type RunDir, runDir } from '../runs/run-record.ts';
import { compareSpool, type Segment, segmentAt } from './segments.ts';

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

/** Creates a segment with a copy of `text` whose first byte is at `offset`. Returns it with the end of the copy. */
function copied(text: string | Buffer, offset = 0): { offset: number; segment: Segment } {
  const segment = segmentAt(dir, { epoch: 0, offset });
  writeFileSync(segment.path, text);
  return { offset: offset + Buffer.byteLength(text), segment };
}

test('a spool is continued if nothing was copied', () => {
  expect(compareSpool(fd, { offset: 0, segment: undefined })).toEqual({ kind: 'continued', size: 0 });
  print('one\n');
  expect(compareSpool(fd, { offset: 0, segment: undefined })).toEqual({ kind: 'continued', size: 4 });
});

test.each([1, 63, 64, 65, 5000])('a spool is continued if %i bytes were copied', (length) => {
  const text = randomBytes(length);
  print(text);
  const end = copied(text);
  expect(compareSpool(fd, end)).toEqual({ kind: 'continued', size: length });
  print('more\n');
  expect(compareSpool(fd, end)).toEqual({ kind: 'continued', size: length + 5 });
});

test('compares only the newest segment, even if it is empty', () => {
  print('first second');
  expect(compareSpool(fd, copied('second', 6))).toEqual({ kind: 'continued', size: 12 });
  expect(compareSpool(fd, copied('', 12))).toEqual({ kind: 'continued', size: 12 });
  expect(compareSpool(fd, copied('SECOND', 6))).toEqual({ kind: 'truncated', size: 12 });
});

test('a spool is truncated if it is shorter than its copy', () => {
  print('a line\n');
  const end = copied('a line\n');
  truncateSync(dir.spool);
  expect(compareSpool(fd, end)).toEqual({ kind: 'truncated', size: 0 });
  print('b\n');
  expect(compareSpool(fd, end)).toEqual({ kind: 'truncated', size: 2 });
});

test.each([
  ['up to', 'b line\n'],
  ['past', 'another line\nand one more\n'],
])('a truncated spool is recognized after it has grown %s the end of its copy', (_, since) => {
  print('a line\n');
  const end = copied('a line\n');
  truncateSync(dir.spool);
  print(since);
  expect(compareSpool(fd, end)).toEqual({ kind: 'truncated', size: since.length });
});

test('a truncated spool is recognized if it was filled with other lines that end alike', () => {
  const lines = (from: number) =>
    Array.from({ length: 5 }, (_, n) => `${from + n} ${'all is well '.repeat(10)}\n`).join('');
  print(lines(1));
  const end = copied(lines(1));
  truncateSync(dir.spool);
  print(lines(2));
  expect(compareSpool(fd, end)).toMatchObject({ kind: 'truncated' });
});

test('a hole before the end of the copy, from a program that keeps its write offset, means truncated', () => {
  print('x'.repeat(100));
  const end = copied('x'.repeat(100));
  truncateSync(dir.spool);
  truncateSync(dir.spool, 200);
  expect(compareSpool(fd, end)).toEqual({ kind: 'truncated', size: 200 });
});

/** The block size of common file systems; smaller holes cannot be punched. */
const blockSize = 4096;

test.skipIf(process.platform !== 'linux')(
  'a spool is continued if its copied part was punched out up to a block before its end',
  () => {
    const text = randomBytes(20 * blockSize + 17);
    print(text);
    const end = copied(text);
    const before = statSync(dir.spool).blocks;
    const length = Math.floor((text.length - blockSize) / blockSize) * blockSize;
    execFileSync('fallocate', ['-p', '-o', '0', '-l', String(length), dir.spool]);
    expect(statSync(dir.spool).blocks).toBeLessThan(before);
    expect(compareSpool(fd, end)).toEqual({ kind: 'continued', size: text.length });
    print('more\n');
    expect(compareSpool(fd, end)).toEqual({ kind: 'continued', size: text.length + 5 });

    truncateSync(dir.spool);
    print(randomBytes(text.length + 100));
    expect(compareSpool(fd, end)).toEqual({ kind: 'truncated', size: text.length + 100 });
  },
);
