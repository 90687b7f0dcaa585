import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { mountSmallDisk, type SmallDisk, whyNoMount } from '../bad-input/small-disk.ts';
import { sandbox } from '../sandbox.ts';
import { awaitSupervisor, killHard } from '../supervisor-of.ts';

/** Adds a line to the file `starts` of the project at each start, and then runs until it is stopped. */
const counted = 'echo started >> starts; exec sleep 600';
const service = { name: 'api', shell: counted, ready: false, restart: { policy: 'always', delay: '50ms' } };

/** A project whose state directory is on a disk that the test can fill. */
function boxOn(disk: SmallDisk, box: Sandbox): Sandbox {
  const env = { CANDLE_STATE_DIR: disk.stateDir };
  return {
    ...box,
    stateDir: disk.stateDir,
    candle: (args, options) => box.candle(args, { ...options, env: { ...env, ...options?.env } }),
    candleJson: (args, options) => box.candleJson(args, { ...options, env: { ...env, ...options?.env } }),
  };
}

function startsOf({ projectDir }: Sandbox): number {
  const path = join(projectDir, 'starts');
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').length : 0;
}

interface Recorded {
  readonly desired: string;
  readonly nextRestartAtMs: number | null;
  readonly endReason: string | null;
}

/** What the database says about the service, read without running candle. */
function recorded({ stateDir }: Sandbox): Recorded {
  const database = new DatabaseSync(join(stateDir, 'state.db'), { timeout: 10_000 });
  try {
    const query = `SELECT desired, next_restart_at_ms AS nextRestartAtMs, end_reason AS endReason
      FROM services JOIN runs ON service_name = name ORDER BY started_at_ms DESC LIMIT 1`;
    return database.prepare(query).get() as unknown as Recorded;
  } finally {
    database.close();
  }
}

const stoppedForGood = { desired: 'down', nextRestartAtMs: null, endReason: 'stopped' };

test('on a full disk, kill stops a service that its policy restarts, and it stays stopped when there is space', async ({
  skip,
}) => {
  const opened = sandbox({ config: { services: [service] } });
  const disk = mountSmallDisk(opened, 4096) ?? skip(whyNoMount);
  const box = boxOn(disk, opened);
  expect((await box.candle(['start', '--bg'])).exitCode).toBe(0);
  await awaitSupervisor(box);
  disk.fill(0);

  const { services } = await box.candleJson(['kill', 'api']);
  expect(services).toMatchObject([{ name: 'api', stopped: true, recorded: false }]);
  expect(services[0].recordingProblem).toContain('the disk is full');
  expect(box.processes()).toEqual([]);
  expect(await box.candle(['kill', 'api'])).toMatchObject({
    exitCode: 0,
    stdout: "Service 'api' is not running\n",
    stderr: expect.stringContaining('the disk is full'),
  });
  expect((await box.candle(['ps'])).exitCode).toBe(0);
  expect((await box.candle(['logs', 'api'])).exitCode).toBe(0);

  disk.free();
  await until('the supervisor records the stop', () => recorded(box).endReason !== null);
  expect(recorded(box)).toEqual(stoppedForGood);
  expect(startsOf(box)).toBe(1);
});
