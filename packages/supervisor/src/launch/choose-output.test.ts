import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDir, spoolMark } from '@candle/core/runs';
import { expect, onTestFinished, test } from 'vitest';
import { chooseOutput } from './launch.ts';

/** The last run of a service, which has printed to a file. */
function lastRun() {
  const stateDir = mkdtempSync(join(tmpdir(), 'candle-output-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true }));
  const dir = runDir(stateDir, 'run');
  mkdirSync(dir.log, { recursive: true });
  writeFileSync(dir.spool, Buffer.concat([spoolMark, Buffer.from('a line\n')]));
  writeFileSync(dir.firstSegment, '');
  return { shell: 'run', dir };
}

const next = { shell: 'run' };

test('a configured output is used, whatever the last run did', () => {
  const last = lastRun();
  truncateSync(last.dir.spool);
  expect(chooseOutput({ output: 'file' }, next, last)).toBe('file');
  expect(chooseOutput({ output: 'pipe' }, next, undefined)).toBe('pipe');
});

test('a terminal takes precedence over a configured output', () => {
  expect(chooseOutput({ output: 'file', tty: true }, next, undefined)).toBe('terminal');
});

test('the output is a file until the last run of the same command has truncated it', () => {
  const last = lastRun();
  expect(chooseOutput({ output: 'auto' }, next, undefined)).toBe('file');
  expect(chooseOutput({ output: 'auto' }, next, last)).toBe('file');
  truncateSync(last.dir.spool);
  expect(chooseOutput({ output: 'auto' }, next, last)).toBe(process.platform === 'linux' ? 'pipe-instead' : 'file');
  expect(chooseOutput({ output: 'auto' }, { shell: 'other' }, last)).toBe('file');
});

test.runIf(process.platform === 'linux')('remembers a truncation of which no output is left', () => {
  const last = lastRun();
  rmSync(last.dir.spool);
  rmSync(last.dir.log, { recursive: true });
  expect(chooseOutput({ output: 'auto' }, next, last)).toBe('file');
  writeFileSync(last.dir.reopensOutput, '');
  expect(chooseOutput({ output: 'auto' }, next, last)).toBe('pipe-instead');
});
