import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { awaitNoSupervisor } from '../supervisor-of.ts';

const config = { services: [{ name: 'b', shell: 'exec sleep 714', ready: false }] };

const programs = (box: Sandbox) => box.processes().filter(({ command }) => command.startsWith('sleep 714'));

/** What a database that was replaced around a start may say about the run. */
const orphaned = [
  ['does not know', 'DELETE FROM runs'],
  ['does not know with its service', 'DELETE FROM runs; DELETE FROM services'],
  ['takes for over', "UPDATE runs SET status = 'failed', ended_at_ms = 1, end_reason = 'interrupted'"],
] as const;

async function startOrphan(change: string): Promise<Sandbox> {
  const box = sandbox({ config });
  await box.candle(['start', 'b', '--bg']);
  const database = new DatabaseSync(join(box.stateDir, 'state.db'), { timeout: 10_000 });
  database.exec(change);
  database.close();
  return box;
}

test.for(orphaned)('doctor reports a program whose run the database %s, and kill-all stops it', async ([, change]) => {
  const box = await startOrphan(change);
  expect(programs(box)).toHaveLength(1);
  const { checks } = await box.candleJson(['doctor']);
  expect(checks).toContainEqual(
    expect.objectContaining({ message: expect.stringMatching(/^A program is running that is not in the database: /) }),
  );
  expect(await box.candle(['kill-all'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("'b'") });
  await awaitNoSupervisor(box);
  expect(box.processes()).toEqual([]);
});

test.for(orphaned)('a start replaces an instance of its service whose run the database %s', async ([, change]) => {
  const box = await startOrphan(change);
  const [before] = programs(box);
  await box.candle(['start', 'b', '--bg']);
  await until('one instance is left', () => programs(box).length === 1);
  expect(programs(box)[0]?.pid).not.toBe(before?.pid);
  await box.candle(['kill', 'b']);
  expect(programs(box)).toEqual([]);
});
