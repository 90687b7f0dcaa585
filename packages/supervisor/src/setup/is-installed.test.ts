import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isInstalled } from './is-installed.ts';

function project(files: Readonly<Record<string, number>> = {}) {
  const projectDir = mkdtempSync(join(tmpdir(), 'candle-setup-'));
  onTestFinished(() => rmSync(projectDir, { recursive: true }));
  for (const [name, seconds] of Object.entries(files)) write(projectDir, name, 'content', seconds);
  return projectDir;
}

function write(projectDir: string, name: string, content: string, seconds = 1): void {
  const path = join(projectDir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, seconds, seconds);
}

const npm = { run: 'npm ci', inputs: ['package-lock.json'] };
const marker = 'node_modules/.package-lock.json';

test.each([
  ['npm', npm, { 'package-lock.json': 1, [marker]: 2 }, true],
  ['an older installation', npm, { 'package-lock.json': 3, [marker]: 2 }, false],
  ['files of the same time, because npm writes both at once', npm, { 'package-lock.json': 2, [marker]: 2 }, true],
  ['no installation', npm, { 'package-lock.json': 1, 'node_modules/vite/package.json': 2 }, false],
  ['no lockfile', { run: 'npm install', inputs: [] }, { [marker]: 2 }, false],
  ['a newer input', { run: 'npm ci', inputs: ['patch'] }, { 'package-lock.json': 1, [marker]: 2, patch: 3 }, false],
  ['another command', { run: 'make', inputs: [] }, { 'package-lock.json': 1, [marker]: 2 }, false],
  ['pnpm', { run: 'pnpm install', inputs: [] }, { 'pnpm-lock.yaml': 1, 'node_modules/.modules.yaml': 2 }, true],
  ['Yarn with links', { run: 'yarn', inputs: [] }, { 'yarn.lock': 1, '.yarn/install-state.gz': 2 }, true],
  ['another package manager', npm, { 'package-lock.json': 1, 'node_modules/.modules.yaml': 2 }, false],
])('recognizes whether everything is installed: %s', (_, setup, files, expected) => {
  expect(isInstalled(setup, project(files))).toBe(expected);
});
