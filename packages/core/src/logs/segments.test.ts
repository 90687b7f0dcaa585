import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type RunDir, runDir } from '../runs/run-record.ts';
import { listSegments, segmentAt, segmentLength } from './segments.ts';

let dir: RunDir;

beforeEach(() => {
  const stateDir = realpathSync(mkdtempSync(join(tmpdir(), 'candle-segments-')));
  onTestFinished(() => rmSync(stateDir, { recursive: true }));
  dir = runDir(stateDir, 'run');
});

function write(...names: string[]): void {
  mkdirSync(dir.log, { recursive: true });
  for (const name of names) writeFileSync(join(dir.log, name), name);
}

const listed = () => listSegments(dir).map(({ epoch, offset }) => `${epoch}.${offset}`);

test('lists nothing for a run without segments or without a log directory', () => {
  expect(listSegments(dir)).toEqual([]);
  write();
  expect(listSegments(dir)).toEqual([]);
});

test('lists segments in numeric order, by epoch and then by offset', () => {
  write('1.0.seg', '0.10.seg', '0.9.seg', '10.0.seg', '2.4194304.seg', '2.8388608.seg', '2.12582912.seg', '0.0.seg');
  expect(listed()).toEqual(['0.0', '0.9', '0.10', '1.0', '2.4194304', '2.8388608', '2.12582912', '10.0']);
});

test('ignores files with other names', () => {
  write('0.0.seg', '0.0.idx', '0.5.seg.tmp', 'x.seg', '7.seg', '.seg', '-1.0.seg', '0.1.2.seg', '0. 5.seg', '0.05.seg');
  expect(listed()).toEqual(['0.0']);
});

test('lists every created segment with its files', () => {
  const position = fc.record({ epoch: fc.nat(30), offset: fc.nat(2 ** 40) });
  fc.assert(
    fc.property(fc.uniqueArray(position, { selector: (one) => `${one.epoch}.${one.offset}` }), (positions) => {
      rmSync(dir.log, { recursive: true, force: true });
      mkdirSync(dir.log, { recursive: true });
      const made = positions.map((one) => segmentAt(dir, one));
      for (const { path, indexPath } of made) for (const file of [path, indexPath]) writeFileSync(file, '');
      expect(listSegments(dir)).toEqual(made.toSorted((a, b) => a.epoch - b.epoch || a.offset - b.offset));
    }),
    { numRuns: 30 },
  );
});

test('the length of a segment is that of its file, or undefined if the file is gone', () => {
  write('0.0.seg');
  expect(segmentLength(segmentAt(dir, { epoch: 0, offset: 0 }))).toBe('0.0.seg'.length);
  expect(segmentLength(segmentAt(dir, { epoch: 0, offset: 7 }))).toBeUndefined();
});
