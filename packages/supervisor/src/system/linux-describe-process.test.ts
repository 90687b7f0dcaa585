import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLinuxProcessTable } from './linux-process-table.ts';

const table = createLinuxProcessTable();
const onLinux = test.skipIf(process.platform !== 'linux');

async function started(args: readonly string[], cwd: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

function directory(name: string): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'describe-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, name));
  return join(root, name);
}

onLinux('describes the full command line, the directory and the start time of a process', async () => {
  const [beforeMs, cwd] = [Date.now(), directory('shop')];
  const pid = await started(['--', '--name', 'a b', 'two\nlines'], cwd);
  const found = table.describe(pid);
  expect(found).toMatchObject({ ...table.identify(pid), uid: process.getuid?.(), command: 'node', cwd });
  expect(found?.commandLine).toMatch(/ -- --name a b two\nlines$/);
  expect(found?.isCwdGone).toBe(false);
  // The boot time has a resolution of one second.
  expect(found?.startedAtMs).toBeGreaterThan(beforeMs - 3_000);
  // Time limit: a delay only makes the later time larger.
  expect(found?.startedAtMs).toBeLessThanOrEqual(Date.now() + 1_000);
});

onLinux.each(['gone', 'not gone (deleted)'])(
  'detects a deleted working directory, whatever its name is: %s',
  async (name) => {
    const cwd = directory(name);
    const pid = await started([], cwd);
    expect(table.describe(pid)).toMatchObject({ cwd, isCwdGone: false });
    rmSync(cwd, { recursive: true });
    expect(table.describe(pid)).toMatchObject({ cwd, isCwdGone: true });
  },
);

onLinux('describes a zombie by its short name only, and does not describe a process that is gone', async () => {
  // Exits only after its parent has become a program that does not reap it.
  const script = '(until [ "$(cat /proc/$$/comm)" = sleep ]; do :; done) & echo $!; exec sleep 1000';
  const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(parent, 'exit');
  const pid = Number(String((await once(parent.stdout, 'data'))[0]));
  const isZombie = () => table.snapshot().find((process) => process.pid === pid)?.isZombie;
  await expect.poll(isZombie).toBe(true);
  const found = table.describe(pid);
  expect(found).toMatchObject({ pid, cwd: undefined, isCwdGone: false });
  expect(found?.commandLine).toBe(found?.command);
  parent.kill('SIGKILL');
  await ended;
  expect(table.describe(parent.pid ?? 0)).toBeUndefined();
});
