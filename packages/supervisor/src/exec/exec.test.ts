import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findCommand } from './exec.ts';

let dir = '';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'candle-find-command-'));
  for (const name of ['first', 'second', 'second/both']) mkdirSync(join(dir, name));
  for (const [path, mode] of [
    ['first/plain', 0o644],
    ['first/tool', 0o755],
    ['second/plain', 0o755],
    ['second/tool', 0o755],
    ['second/text', 0o644],
    ['here', 0o755],
  ] as const) {
    writeFileSync(join(dir, path), '');
    chmodSync(join(dir, path), mode);
  }
  symlinkSync('nowhere', join(dir, 'first/broken'));
});

afterAll(() => rmSync(dir, { recursive: true }));

const path = () => `${dir}/first:${dir}/second`;

test.each([
  ['the first in PATH', 'tool', 'first/tool'],
  ['one after a file of the same name that is not executable', 'plain', 'second/plain'],
  ['one by its path', './here', './here'],
])('finds a command: %s', (_, command, found) => {
  const expected = found.startsWith('.') ? found : join(dir, found);
  expect(findCommand(command, { cwd: dir, path: path() })).toBe(expected);
});

test('an empty entry in PATH means the current directory', () => {
  expect(findCommand('here', { cwd: dir, path: '/nowhere:' })).toBe('here');
});

test('searches the default directories without a PATH', () => {
  expect(findCommand('sh', { cwd: dir })).toMatch(/\/sh$/);
});

test.each(['missing', 'broken', '', './missing', 'first/tool/below', 'cd'])(
  '"%s" is not found, with exit code 127',
  (command) => {
    expect(() => findCommand(command, { cwd: dir, path: path() })).toThrow(
      expect.objectContaining({ code: 'EXEC_COMMAND_NOT_FOUND', exitCode: 127 }),
    );
  },
);

test.each([
  ['text', 'is not executable'],
  ['both', 'is a directory'],
  ['./first', 'is a directory'],
])('"%s" cannot be run, with exit code 126', (command, reason) => {
  expect(() => findCommand(command, { cwd: dir, path: path() })).toThrow(
    expect.objectContaining({
      code: 'EXEC_COMMAND_NOT_EXECUTABLE',
      exitCode: 126,
      message: expect.stringContaining(reason),
    }),
  );
});
