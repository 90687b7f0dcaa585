import { runProgram, type Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { boxOn, mountSmallDisk, takeInodes, whyNoMount } from '../bad-input/small-disk.ts';
import { inPart } from '../bounded.ts';
import { bin, sandbox } from '../sandbox.ts';

const config = { services: [{ name: 'api', shell: 'exec sleep 600', ready: false }] };

/** The pids of the service's program. */
function programs(box: Sandbox): readonly number[] {
  return box.processes().flatMap(({ pid, command }) => (command.startsWith('sleep 600') ? [pid] : []));
}

/** Restarts the service, and expects another instance of it or, if the command failed, the one before. */
async function replace(
  box: Sandbox,
  restart: () => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>,
): Promise<{ readonly error: { readonly code: string; readonly hint: string } } | undefined> {
  const before = programs(box);
  expect(before).toHaveLength(1);
  const { exitCode, stdout, stderr } = await restart();
  const after = programs(box);
  expect(after, stdout + stderr).toHaveLength(1);
  if (exitCode === 0) expect(after, stdout).not.toEqual(before);
  else expect(after, stdout).toEqual(before);
  return exitCode === 0 ? undefined : JSON.parse(stdout);
}

async function kill(box: Sandbox): Promise<void> {
  expect(await box.candle(['kill'])).toMatchObject({ exitCode: 0 });
  expect(box.processes()).toEqual([]);
}

// With each of these sizes, a different step of the start is the first to run out of space.
inPart(2).for([24, 40, 56, 64, 80, 128])(
  'with %i KiB free, a restart succeeds or leaves the service running',
  async (freeKiB, { skip }) => {
    const opened = sandbox({ config });
    const disk = mountSmallDisk(opened, 4096) ?? skip(whyNoMount);
    const box = boxOn(disk, opened);
    expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 0 });
    disk.fill(freeKiB);
    await replace(box, () => box.candle(['restart', 'api', '--json']));
    disk.free();
    await kill(box);
  },
);

inPart(1).for([100, 140, 180])(
  'with %i KiB free, a restart of services that depend on each other does not leave one of them stopped',
  async (freeKiB, { skip }) => {
    const [api] = config.services;
    const opened = sandbox({ config: { services: [api, { ...api, name: 'web', dependsOn: ['api'] }] } });
    const disk = mountSmallDisk(opened, 4096) ?? skip(whyNoMount);
    const box = boxOn(disk, opened);
    expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 0 });
    disk.fill(freeKiB);
    const { stdout, stderr } = await box.candle(['restart', 'api', 'web', '--json']);
    expect(programs(box), stdout + stderr).toHaveLength(2);
    disk.free();
    await kill(box);
  },
);

test('without free inodes, a restart leaves the service running, and the error says why', async ({ skip }) => {
  const opened = sandbox({ config });
  const disk = mountSmallDisk(opened, 4096, { inodes: 80 }) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 0 });
  const release = takeInodes(disk);
  const failed = await replace(box, () => box.candle(['restart', 'api', '--json']));
  expect(failed?.error.hint).toContain('df -i');
  release();
  await kill(box);
});

test('with few open files, a restart succeeds or leaves the service running', async () => {
  const box = sandbox({ config });
  expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 0 });
  const limits = [22, 26, 28, 30, 32, 34, 38];
  for (const limit of limits) {
    const args = [`ulimit -n ${limit}; exec "$@"`, 'sh', process.execPath, bin, 'restart', 'api', '--json'];
    await replace(box, () => runProgram('sh', ['-c', ...args], { cwd: box.projectDir, env: box.env }));
  }
});
