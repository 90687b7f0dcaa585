import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addReservations, copyStore, storeWith } from '../../test/damaged-store.ts';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { migrations } from './migrations.ts';
import { openReadOnly } from './open-read-only.ts';
import { openStore } from './open-store.ts';

const projectDir = '/home/ada/shop';
const reserved = [{ port: 4000, project: projectDir, service: 'api' }];

async function readPorts(stateDir: string): Promise<readonly number[]> {
  const store = openStore(stateDir, { database: openReadOnly(stateDir) });
  const ports = (await store.reservations.list(projectDir)).map(({ port }) => port);
  store.close();
  return ports;
}

/** The names and contents of all files. */
function contentOf(stateDir: string): readonly (readonly [string, string])[] {
  return readdirSync(stateDir).map((name) => [name, readFileSync(join(stateDir, name)).toString('base64')]);
}

test('without a database, nothing is reserved, and nothing is created', async () => {
  const stateDir = join(temporaryDirectory(), 'state');
  expect(await readPorts(stateDir)).toEqual([]);
  expect(existsSync(stateDir)).toBe(false);
});

test.each<[string, (stateDir: string) => void]>([
  ['intact', () => undefined],
  ['missing', (stateDir) => rmSync(join(stateDir, 'state.db'))],
  ['damaged', (stateDir) => writeFileSync(join(stateDir, 'state.db'), 'no database')],
  ['empty', (stateDir) => writeFileSync(join(stateDir, 'state.db'), '')],
])(
  'if the database is %s, its content or what a recovery would restore is read, and the files stay as they are',
  async (_, change) => {
    const stateDir = storeWith(reserved);
    await copyStore(stateDir);
    change(stateDir);
    const before = contentOf(stateDir);
    expect(await readPorts(stateDir)).toEqual([4000]);
    expect(contentOf(stateDir)).toEqual(before);
  },
);

test('a database of an older Candle is migrated only in memory', async () => {
  const stateDir = temporaryDirectory();
  openStore(stateDir, { schemaSteps: migrations.slice(0, 2) }).close();
  addReservations(stateDir, reserved);
  const before = contentOf(stateDir);
  expect(await readPorts(stateDir)).toEqual([4000]);
  expect(contentOf(stateDir)).toEqual(before);
});

test('nothing can be written', async () => {
  const stateDir = storeWith(reserved);
  const store = openStore(stateDir, { database: openReadOnly(stateDir) });
  await expect(store.reservations.release({ projectDir })).rejects.toThrow();
  store.close();
});
