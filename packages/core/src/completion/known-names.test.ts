import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { openStore } from '../store/open-store.ts';
import { readAllReservations, readKnownNames } from './known-names.ts';

const config = '{ "services": { "web": { "shell": "x" }, "api": { "shell": "x" } } }';

/** A project, and a database in which it has reserved ports. */
async function openProject({ text = config, reserved = ['api', 'db'] } = {}) {
  const root = temporaryDirectory();
  const projectDir = join(root, 'shop');
  mkdirSync(projectDir);
  writeFileSync(join(projectDir, '.candle.json'), text);
  const stateDir = join(root, 'state');
  const caller = { env: { CANDLE_STATE_DIR: stateDir }, home: root, cwd: root };
  if (reserved.length > 0) {
    const store = openStore(stateDir);
    for (const [index, serviceName] of reserved.entries()) {
      const reservation = { port: 4001 - index, projectDir, serviceName, reservedAtMs: 0 };
      await store.reservations.claim(async (step) => step.insert(reservation, { movesCursor: true }));
    }
    store.close();
  }
  return { projectDir, stateDir, read: (dir = projectDir) => readKnownNames(dir, caller), caller };
}

test('names are in the order of the file, and ports in numeric order', async () => {
  const { projectDir, read, caller } = await openProject();
  const reservations = [
    { port: 4000, name: 'db', projectDir },
    { port: 4001, name: 'api', projectDir },
  ];
  expect(await read()).toEqual({ services: ['web', 'api'], runningServices: [], reservations });
  expect(readAllReservations(caller)).toEqual(reservations);
});

test('creates nothing if there is no database, and has the configured services', async () => {
  const { stateDir, read, caller } = await openProject({ reserved: [] });
  expect(await read()).toEqual({ services: ['web', 'api'], runningServices: [], reservations: [] });
  expect(readAllReservations(caller)).toEqual([]);
  expect(existsSync(stateDir)).toBe(false);
});

test('does not wait for a database that another process has locked', async () => {
  const { stateDir, read } = await openProject();
  const other = new BetterSqlite3(join(stateDir, 'state.db'));
  other.exec('BEGIN EXCLUSIVE');
  expect(await read()).toEqual({ services: ['web', 'api'], runningServices: [], reservations: [] });
  other.close();
});

test.each([
  ['{ "services": { "web": {}, "api": { "shell": 1 } } }', ['web', 'api']],
  ['{ "services": [{ "name": "web" }, { "name": "a\\u001bb" }, {}, 1] }', ['web']],
  ['{ "services": { "web": { ', ['web']],
  ['', []],
  ['[]', []],
])('from the incomplete configuration %j, the names are %j', async (text, services) => {
  const { read } = await openProject({ text });
  expect((await read()).services).toEqual(services);
});

test('outside of a project, there are no names', async () => {
  const { read } = await openProject();
  expect(await read('/')).toEqual({ services: [], runningServices: [], reservations: [] });
  expect(await read('/does/not/exist')).toEqual({ services: [], runningServices: [], reservations: [] });
});

test('of services that are not configured, those that are transient or have a reserved port are offered', async () => {
  const { projectDir, stateDir, read } = await openProject();
  const store = openStore(stateDir);
  const request = { projectDir, verb: 'start', owner: { pid: 99, startToken: '7' } } as const;
  await store.services.request({ ...request, name: 'removed' });
  await store.services.request({ ...request, name: 'db' });
  await store.services.request({ ...request, name: 'job', transient: { shell: 'x', root: null } });
  store.close();
  expect((await read()).services.toSorted()).toEqual(['api', 'db', 'job', 'web']);
});
