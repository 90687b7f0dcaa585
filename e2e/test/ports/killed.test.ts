import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTick, setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { bin, sandbox } from '../sandbox.ts';
import { openStore } from '../store.ts';

const config = { services: [] };

/** Returns a generator of numbers from 0 to 1 that are the same in every test run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Reserving {
  readonly child: ChildProcess;
  /** The port that the process printed; undefined if it printed none. */
  readonly answered: Promise<number | undefined>;
}

function spawnReserve(box: Sandbox, name: string): Reserving {
  const child = spawn(process.execPath, [bin, 'reserve-port', name], {
    cwd: box.projectDir,
    env: box.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const answered = once(child, 'close').then(() => {
    const port = /^Reserved port (\d+) for/.exec(stdout)?.[1];
    return port === undefined ? undefined : Number(port);
  });
  return { child, answered };
}

async function answersOf(racers: readonly Reserving[]): Promise<number[]> {
  return (await Promise.all(racers.map(({ answered }) => answered))).filter((port) => port !== undefined);
}

/** Checks that nothing is damaged, duplicated or half-written, and that each printed port is reserved. */
async function expectIntact(box: Sandbox, answered: readonly number[]): Promise<void> {
  const store = await openStore(box);
  expect(store.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  const rows = store.prepare('SELECT port, service_name AS name, seq FROM reservations ORDER BY seq').all();
  const ports = rows.map((row) => Number(row.port));
  expect(new Set(ports).size).toBe(ports.length);
  expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length);
  expect(ports).toEqual(expect.arrayContaining([...answered]));
  // A reservation and the next port are written in the same transaction.
  if (rows.length > 0) {
    expect(store.prepare('SELECT next_port, issued FROM port_cursor').all()).toEqual([
      { next_port: (ports.at(-1) ?? 0) + 1, issued: rows.at(-1)?.seq },
    ]);
  }
  store.close();
}

test('kill -9 of reserving processes at any moment leaves the database intact', async () => {
  const box = sandbox({ config });
  const random = seeded(20260123);
  // Four at once, so that some are killed while they hold the lock and others wait for it.
  const spawnFour = (round: number) =>
    Array.from({ length: 4 }, (_, index) => spawnReserve(box, `service-${round}-${index}`));
  // Run twice: the first processes also fill the compile cache, so they take longer than all later ones.
  const answered = await answersOf(spawnFour(-1));
  const startedMs = performance.now();
  answered.push(...(await answersOf(spawnFour(0))));
  const durationMs = performance.now() - startedMs;
  let killed = 0;
  for (let round = 1; round <= 10; round++) {
    const racers = spawnFour(round);
    await Promise.all(
      racers.map(async ({ child }) => {
        await sleep(random() * durationMs);
        if (child.exitCode === null && child.kill('SIGKILL')) killed++;
      }),
    );
    answered.push(...(await answersOf(racers)));
    await expectIntact(box, answered);
  }
  // Otherwise the random delays would test nothing.
  expect(killed).toBeGreaterThan(5);
  expect(answered.length).toBeGreaterThan(4);
  const next = await box.candle(['reserve-port', 'the-next']);
  expect(next).toMatchObject({ stderr: '', exitCode: 0 });
});

/** The files that appear, in this order, while the first command creates the state directory; '' is the directory. */
const moments = ['', 'state.db.new-', 'state.db', 'state.db-journal', 'state.db.last'];

inPart(2).each(moments)('kill -9 when %j appears in a new state directory leaves it usable', async (moment) => {
  const box = sandbox({ config });
  const answered: number[] = [];
  for (let round = 0; round < 4; round++) {
    rmSync(box.stateDir, { recursive: true, force: true });
    const { child, answered: answer } = spawnReserve(box, 'api');
    while (child.exitCode === null && !hasAppeared(box.stateDir, moment)) await nextTick();
    child.kill('SIGKILL');
    const port = await answer;
    const next = await box.candle(['get-or-reserve-port', 'api']);
    expect(next).toMatchObject({ stderr: '', exitCode: 0 });
    answered.splice(0, answered.length, Number(next.stdout), ...(port === undefined ? [] : [port]));
    await expectIntact(box, answered);
  }
});

function hasAppeared(stateDir: string, moment: string): boolean {
  if (moment === '') return existsSync(stateDir);
  if (moment.endsWith('-'))
    return existsSync(stateDir) && readdirSync(stateDir).some((name) => name.startsWith(moment));
  return existsSync(join(stateDir, moment));
}
