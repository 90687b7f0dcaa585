import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDirectories } from './make-directories.ts';

function directory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'candle-directories-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

test('creates all missing directories with the mode, whatever the umask is, and keeps that of the others', () => {
  const root = directory();
  mkdirSync(join(root, 'a'));
  const before = process.umask(0o177);
  try {
    makeDirectories(join(root, 'a/b/c'), 0o700);
  } finally {
    process.umask(before);
  }
  expect([modeOf(join(root, 'a')), modeOf(join(root, 'a/b')), modeOf(join(root, 'a/b/c'))]).toEqual([
    0o777 & ~before,
    0o700,
    0o700,
  ]);
  makeDirectories(join(root, 'a'), 0o700);
  expect(modeOf(join(root, 'a'))).toBe(0o777 & ~before);
});

test('fails below a file, and for a link that leads nowhere', () => {
  const root = directory();
  writeFileSync(join(root, 'file'), '');
  symlinkSync(join(root, 'nowhere'), join(root, 'link'));
  expect(() => makeDirectories(join(root, 'file/a'))).toThrow('ENOTDIR');
  expect(() => makeDirectories(join(root, 'link'))).toThrow('EEXIST');
});

test.runIf(process.platform === 'linux')('fails below a directory that cannot contain directories', () => {
  // In a child process, which can be killed if the call never returns.
  const script = `import { makeDirectories } from ${JSON.stringify(join(import.meta.dirname, 'make-directories.ts'))};
    try { makeDirectories('/proc/none/state/candle'); } catch ({ code, path }) { console.log(code, path); }`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 10_000,
    killSignal: 'SIGKILL',
  });
  expect(stdout).toBe('ENOENT /proc/none\n');
});
