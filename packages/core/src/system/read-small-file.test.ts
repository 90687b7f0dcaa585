import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readSmallFile } from './read-small-file.ts';

function directory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'candle-small-file-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

test('reads a file of up to 1 MiB, also through a link', () => {
  const dir = directory();
  const text = 'é'.repeat(512 * 1024);
  writeFileSync(join(dir, 'file'), text);
  symlinkSync('file', join(dir, 'link'));
  expect(readSmallFile(join(dir, 'link'))).toBe(text);
  writeFileSync(join(dir, 'file'), '');
  expect(readSmallFile(join(dir, 'file'))).toBe('');
});

test('refuses what could block or never end', () => {
  const dir = directory();
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  symlinkSync('/dev/zero', join(dir, 'device'));
  writeFileSync(join(dir, 'large'), Buffer.alloc(1024 * 1024 + 1));
  for (const [name, code] of [
    ['pipe', 'NOT_REGULAR'],
    ['device', 'NOT_REGULAR'],
    ['large', 'TOO_LARGE'],
    ['.', 'EISDIR'],
    ['missing', 'ENOENT'],
  ] as const) {
    expect(() => readSmallFile(join(dir, name))).toThrow(expect.objectContaining({ code }));
  }
});
