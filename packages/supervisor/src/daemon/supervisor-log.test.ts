import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { supervisorLog } from './supervisor-log.ts';

const now = () => new Date(0);

function temporaryLog() {
  const dir = mkdtempSync(join(tmpdir(), 'candle-log-'));
  const path = join(dir, 'supervisor.log');
  const fd = openSync(path, 'a');
  onTestFinished(() => {
    closeSync(fd);
    rmSync(dir, { recursive: true });
  });
  return { path, report: supervisorLog(fd, now) };
}

test('a problem of the disk is one line, and any other error has its stack', () => {
  const { path, report } = temporaryLog();
  report(Object.assign(new Error('ENOSPC: no space left on device, mkdir'), { code: 'ENOSPC' }));
  expect(readFileSync(path, 'utf8')).toBe('1970-01-01T00:00:00.000Z ENOSPC: no space left on device, mkdir\n');
  report(new Error('unexpected'));
  expect(readFileSync(path, 'utf8')).toMatch(/Error: unexpected\n\s+at /);
});

test('the log never grows far beyond 64 KiB, and ends with the last error', () => {
  const { path, report } = temporaryLog();
  for (let index = 0; index < 1_000; index++) report(`${index} ${'x'.repeat(1_000)}`);
  expect(statSync(path).size).toBeLessThan(66 * 1024);
  expect(readFileSync(path, 'utf8')).toContain(' 999 x');
});

test('a full disk does not end the supervisor', () => {
  const full = openSync('/dev/full', 'a');
  onTestFinished(() => closeSync(full));
  expect(() => supervisorLog(full, now)('unexpected')).not.toThrow();
});
