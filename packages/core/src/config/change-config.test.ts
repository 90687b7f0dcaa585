import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { callerTrust } from '../../test/temporary-candle.ts';
import { lockFile, tryLockFile } from '../store/file-lock.ts';
import { changeConfig } from './change-config.ts';

let project: string;
let path: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'candle-config-'));
  path = join(project, '.candle.json');
});

afterEach(() => rm(project, { recursive: true }));

const replacement = async () => ({ text: '{}', result: undefined });

test('only one edit runs at a time', async () => {
  let running = 0;
  let maxRunning = 0;
  const edit = () =>
    changeConfig(callerTrust, project, async (file) => {
      running += 1;
      maxRunning = Math.max(maxRunning, running);
      await readdir(project);
      running -= 1;
      return { text: `${file?.text ?? ''}x`, result: undefined };
    });
  await Promise.all(Array.from({ length: 10 }, edit));
  expect(maxRunning).toBe(1);
  expect(await readFile(path, 'utf8')).toBe('x'.repeat(10));
  expect(await readdir(project)).toEqual(['.candle.json']);
});

test('an edit that changes nothing, or fails, leaves no files', async () => {
  await changeConfig(callerTrust, project, async () => ({ text: undefined, result: undefined }));
  const failed = changeConfig(callerTrust, project, () => Promise.reject(new Error('halfway')));
  await expect(failed).rejects.toThrow('halfway');
  expect(await readdir(project)).toEqual([]);
});

test.each([['{"services": []}'], [undefined]])(
  'never overwrites what an editor wrote meanwhile, over %s',
  async (text) => {
    if (text !== undefined) await writeFile(path, text);
    const seen: (string | undefined)[] = [];
    await changeConfig(callerTrust, project, async (file) => {
      if (seen.length === 0) await writeFile(path, 'of the editor');
      seen.push(file?.text);
      return { text: `${file?.text}, edited`, result: undefined };
    });
    expect(seen).toEqual([text, 'of the editor']);
    expect(await readFile(path, 'utf8')).toBe('of the editor, edited');
  },
);

/** Locks the config like an edit, leaves a draft, and waits to be killed. */
const owner = `
const { tryLockFile } = await import(process.argv[1]);
const { writeFileSync } = await import('node:fs');
globalThis.lock = tryLockFile(process.argv[2] + '.lock');
writeFileSync(process.argv[2] + '.new', 'half of a dr');
process.stdout.write(lock === undefined ? 'failed' : 'locked');
setInterval(() => undefined, 1_000);
`;

test('an edit continues when the process that holds the lock is killed, and removes what it left', async () => {
  await writeFile(path, 'old');
  const module = new URL('../store/file-lock.ts', import.meta.url).href;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', owner, module, path]);
  onTestFinished(() => void holder.kill('SIGKILL'));
  expect(String(await once(holder.stdout, 'data'))).toBe('locked');
  await expect(changeConfig(callerTrust, project, replacement, 50)).rejects.toMatchObject({ code: 'CONFIG_BUSY' });
  expect(await readFile(path, 'utf8')).toBe('old');
  const waiting = changeConfig(callerTrust, project, replacement);
  holder.kill('SIGKILL');
  await waiting;
  expect(await readFile(path, 'utf8')).toBe('{}');
  expect(await readdir(project)).toEqual(['.candle.json']);
});

test('a lock that stays is reported with the file and the command that finds its owner', async () => {
  const lock = tryLockFile(`${path}.lock`);
  onTestFinished(() => lock?.release());
  await expect(changeConfig(callerTrust, project, replacement, 50)).rejects.toMatchObject({
    code: 'CONFIG_BUSY',
    message: `Other commands kept changing ${path} for 0 s`,
    hint: expect.stringContaining(`fuser -v ${path}.lock`),
  });
});

test('a lock whose file was deleted by its owner is taken with a new file', async () => {
  const first = tryLockFile(`${path}.lock`);
  const second = lockFile(`${path}.lock`, 10_000);
  await rm(`${path}.lock`);
  first?.release();
  const lock = await second;
  expect(lock?.isHeld()).toBe(true);
  expect(tryLockFile(`${path}.lock`)).toBeUndefined();
  lock?.release();
});
