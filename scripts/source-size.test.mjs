import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findExcesses, limits, summarize } from './source-size.mjs';

const filesOf = (...lines) => lines.map((count, index) => ({ path: `packages/a/src/${index}.ts`, lines: count }));
const manyOf = (count, lines) => filesOf(...Array.from({ length: count }, () => lines));

test('accepts files at every limit', () => {
  const small = manyOf(limits.smallFiles, limits.fewLines - 1);
  const large = manyOf(limits.files - limits.smallFiles, limits.lines);
  assert.deepEqual(findExcesses([...small, ...large]), []);
});

test('rejects one file too many', () => {
  assert.match(findExcesses(manyOf(limits.files + 1, 100)).join('\n'), new RegExp(`^${limits.files + 1} source files`));
});

test('rejects one small file too many', () => {
  assert.match(findExcesses(manyOf(limits.smallFiles + 1, 24)).join('\n'), /^61 files have fewer than 25 lines/);
});

test('rejects a file that is one line too long, by its path', () => {
  assert.deepEqual(findExcesses(filesOf(301, 300)), ['packages/a/src/0.ts has 301 lines; at most 300 are allowed']);
});

test('sums up the sizes', () => {
  assert.deepEqual(summarize(filesOf(10, 20, 30, 40, 50, 60, 70, 80, 90, 100)), {
    files: 10,
    smallFiles: 2,
    median: 60,
    p90: 100,
    max: 100,
  });
});
