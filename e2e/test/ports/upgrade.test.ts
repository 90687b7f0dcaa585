import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { freePort } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { openStore } from '../store.ts';

const config = { services: [] };

/** Creates the state directory of a user of the first version. */
function createStateOfSchema1(box: Sandbox): void {
  const sql = readFileSync(fileURLToPath(new URL('../fixtures/state-of-schema-1.sql', import.meta.url)), 'utf8');
  mkdirSync(box.stateDir, { mode: 0o700 });
  const database = new DatabaseSync(join(box.stateDir, 'state.db'));
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(sql.replaceAll('PROJECT', box.projectDir));
  database.close();
}

test('the reservations of the first version are kept after the upgrade', async () => {
  const box = sandbox({ config });
  createStateOfSchema1(box);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toMatchObject([
    { port: 7001, serviceName: null, projectDir: box.projectDir, reservedAt: '2026-01-23T10:31:00.000Z' },
    { port: 7000, serviceName: 'api', projectDir: box.projectDir, reservedAt: '2026-01-23T10:30:00.000Z' },
  ]);
  expect((await box.candleJson(['list-reserved-ports', '--all'])).ports).toHaveLength(3);
  expect((await box.candle(['get-reserved-port', 'api'])).stdout).toBe('7000\n');
  expect((await box.candleJson(['reserve-port', 'web'])).port).toBe(await freePort(7003));
});

test('concurrent commands on a state directory of the first version all succeed', async () => {
  const box = sandbox({ config });
  createStateOfSchema1(box);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => box.candle(index % 2 === 0 ? ['reserve-port'] : ['list'])),
  );
  expect(answers.filter(({ exitCode, stderr }) => exitCode !== 0 || stderr !== '')).toEqual([]);
  expect((await box.candleJson(['list-reserved-ports', '--all'])).ports).toHaveLength(8);
});

test('a state directory of a newer Candle is used if that version allows it', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const store = await openStore(box);
  store.exec('CREATE TABLE future (id integer PRIMARY KEY); PRAGMA user_version = 99');
  expect(await box.candle(['get-reserved-port', 'api'])).toEqual({ stdout: `${port}\n`, stderr: '', exitCode: 0 });
  expect((await box.candle(['reserve-port', 'web'])).exitCode).toBe(0);
  expect(store.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
});

test('a state directory of a newer Candle that does not allow it is rejected and not changed', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const store = await openStore(box);
  store.exec("UPDATE meta SET value = 99 WHERE key = 'oldestReader'; PRAGMA user_version = 99");
  const sentence = new RegExp(
    `^Candle's database ${box.stateDir}/state.db was created by a newer Candle \\(schema 99; this Candle supports \\d+\\)$`,
  );
  for (const command of [['reserve-port', 'web'], ['get-reserved-port', 'api'], ['release-ports'], ['list']]) {
    const { stdout, exitCode } = await box.candle([...command, '--json']);
    const { error } = JSON.parse(stdout);
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 1, code: 'STATE_TOO_NEW' });
    expect(error.message).toMatch(sentence);
  }
  expect(store.prepare('SELECT service_name FROM reservations').all()).toEqual([{ service_name: 'api' }]);
  // Allow this Candle to close the sandbox.
  store.exec("UPDATE meta SET value = 1 WHERE key = 'oldestReader'");
});
