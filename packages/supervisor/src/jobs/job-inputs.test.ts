import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openSameDirectory } from '@candle/core/projects';
import { expect, onTestFinished, test } from 'vitest';
import { hashInputs } from './job-inputs.ts';

function project(files: Readonly<Record<string, number>> = {}) {
  const projectDir = mkdtempSync(join(tmpdir(), 'candle-setup-'));
  onTestFinished(() => rmSync(projectDir, { recursive: true }));
  for (const [name, seconds] of Object.entries(files)) write(projectDir, name, 'content', seconds);
  const opened = openSameDirectory(projectDir, undefined);
  const directory = { id: opened.id, uid: opened.uid };
  opened.close();
  const unreadable = (_path: string, cause: Error) => cause as never;
  return { projectDir, directory, unreadable };
}

function write(projectDir: string, name: string, content: string, seconds = 1): void {
  const path = join(projectDir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, seconds, seconds);
}

test('the hash of the inputs depends on the name and the content of each file, and on nothing else', () => {
  const shop = project({ a: 1, b: 1 });
  const inputs = (...names: string[]) => hashInputs({ ...shop, inputs: names });
  const before = inputs('a', 'b');
  write(shop.projectDir, 'a', 'content', 2);
  expect(inputs('a', 'b')).toBe(before);
  expect(new Set([before, inputs('a'), inputs('b'), inputs(), inputs('b', 'a')]).size).toBe(5);
  write(shop.projectDir, 'a', 'other');
  expect(inputs('a', 'b')).not.toBe(before);
});

test('the content of an input need not be text', () => {
  const shop = project();
  const hashOf = (...bytes: number[]) => {
    writeFileSync(join(shop.projectDir, 'bun.lockb'), Buffer.from(bytes));
    return hashInputs({ ...shop, inputs: ['bun.lockb'] });
  };
  expect(hashOf(0xff)).not.toBe(hashOf(0xfe));
});
