import { readdirSync, statfsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { awaitNoSupervisor } from '../supervisor-of.ts';
import { inSandbox, refusal } from './refusal.ts';
import { boxOn, mountSmallDisk, whyNoMount } from './small-disk.ts';

const config = { services: [{ name: 'api', shell: 'echo begun; sleep 600' }] };

test('on a full disk, commands that write fail with that reason, the others read, and the database is intact when there is space again', async ({
  skip,
}) => {
  const box = sandbox({ config });
  const disk = mountSmallDisk(box) ?? skip(whyNoMount);
  const options = { env: { CANDLE_STATE_DIR: disk.stateDir } };
  for (const name of ['api', 'web', 'docs']) await box.candle(['reserve-port', name], options);
  const before = await box.candleJson(['list-reserved-ports', '--all'], options);
  box.writeConfig({ services: [{ name: 'api', shell: 'sleep 600', ready: false }] });
  await box.candle(['up'], options);
  disk.fill(0);
  expect(await box.candleJson(['up'], options)).toMatchObject({ ready: true, services: [{ state: 'kept' }] });
  const error = await refusal(inSandbox(box, options), ['reserve-port', 'other']);
  expect(error).toMatchObject({
    code: 'STATE_DISK_FULL',
    message: `Candle's state directory ${disk.stateDir} cannot be written to: the disk is full`,
    hint: expect.stringContaining('Free some disk space'),
  });
  for (const line of [
    ['release-ports', 'web'],
    ['start', 'api'],
  ] as const) {
    expect((await refusal(inSandbox(box, options), line)).code).toBe('STATE_DISK_FULL');
  }
  expect(await box.candleJson(['list-reserved-ports', '--all'], options)).toEqual(before);
  for (const line of [['ps'], ['kill']]) expect((await box.candle(line, options)).exitCode).toBe(0);
  disk.free();
  expect(await box.candleJson(['list-reserved-ports', '--all'], options)).toEqual(before);
  expect((await box.candle(['reserve-port', 'more'], options)).exitCode).toBe(0);
});

test('if the disk is too full to create the database, no partial files remain', async ({ skip }) => {
  const box = sandbox({ config });
  const disk = mountSmallDisk(box) ?? skip(whyNoMount);
  const options = { env: { CANDLE_STATE_DIR: disk.stateDir } };
  for (const freeKiB of [0, 8, 40]) {
    disk.fill(freeKiB);
    expect((await refusal(inSandbox(box, options), ['reserve-port', 'api'])).code).toBe('STATE_DISK_FULL');
    expect(readdirSync(disk.stateDir)).toEqual([]);
  }
  disk.free();
  expect((await box.candle(['reserve-port', 'api'], options)).exitCode).toBe(0);
});

test('on a full disk, clear-logs removes the output of a stopped service, which frees space', async ({ skip }) => {
  const opened = sandbox({ config: { services: [{ name: 'api', shell: 'yes | head -n 100000; exit 0' }] } });
  const disk = mountSmallDisk(opened, 2048) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 0 });
  await awaitNoSupervisor(box);
  disk.fill(0);
  expect((await box.candleJson(['clear-logs'])).services).toMatchObject([{ name: 'api', cleared: true }]);
  expect(await box.candle(['logs', 'api'])).toMatchObject({ exitCode: 0, stdout: '' });
  const { bavail, bsize } = statfsSync(disk.stateDir);
  expect(bavail * bsize).toBeGreaterThan(150_000);
});

// With each of these sizes, a different step of the start is the first to run out of space.
inPart(2).for([40, 60, 68, 76, 80, 84, 88, 100])(
  'with %i KiB free, a start succeeds and the service runs, or it fails and no process remains',
  async (freeKiB, { skip }) => {
    const box = sandbox({ config });
    const disk = mountSmallDisk(box) ?? skip(whyNoMount);
    const options = { env: { CANDLE_STATE_DIR: disk.stateDir } };
    const { port } = await box.candleJson(['reserve-port', 'web'], options);
    disk.fill(freeKiB);

    const start = await box.candle(['start', 'api', '--bg', '--json'], options);
    const answer = JSON.parse(start.stdout);
    expect(start.stderr).toBe('');
    expect(box.processes().map(({ command }) => command.trim())).toEqual(
      start.exitCode === 0 ? expect.arrayContaining(['sleep 600']) : [],
    );
    if (start.exitCode !== 0) expect(answer.error.code).toMatch(/^(STATE_DISK_FULL|SERVICE_NOT_SPAWNED)$/);

    disk.free();
    expect((await box.candle(['get-reserved-port', 'web'], options)).stdout).toBe(`${port}\n`);
    const { services } = await box.candleJson(['check-start', 'api'], options);
    expect(services).toMatchObject([{ name: 'api', outcome: start.exitCode === 0 ? 'kept' : 'running' }]);
    expect((await box.candle(['kill', 'api'], options)).stdout).toBe("[Stopped process 'api']\n");
    expect(box.processes()).toEqual([]);
  },
);
