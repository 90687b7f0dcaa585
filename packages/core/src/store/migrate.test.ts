import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';

interface File {
  readonly path: string;
  readonly sqlite: BetterSqlite3.Database;
}

function newFile(): File {
  const path = join(temporaryDirectory(), 'state.db');
  const sqlite = new BetterSqlite3(path);
  onTestFinished(() => void sqlite.close());
  return { path, sqlite };
}

/** A database as the Candle of that schema left it, with rows. */
function fileOfSchema(schema: number): File {
  const file = newFile();
  migrate(file.sqlite, file.path, migrations.slice(0, schema));
  file.sqlite.exec(`
    INSERT INTO reservations (port, project_dir, service_name, reserved_at_ms, seq)
      VALUES (4000, '/project', 'api', 1000, 1), (4001, '/project', NULL, 2000, 2);
    INSERT INTO port_cursor (id, next_port, issued) VALUES (1, 4002, 2);`);
  return file;
}

function rowsOf({ sqlite }: File): unknown {
  return {
    reservations: sqlite.prepare('SELECT * FROM reservations ORDER BY port').all(),
    cursor: sqlite.prepare('SELECT * FROM port_cursor').all(),
  };
}

/** Every table and index, and the schema's number. */
function formOf({ sqlite }: File): unknown {
  return {
    version: sqlite.pragma('user_version', { simple: true }),
    objects: sqlite.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all(),
    meta: sqlite.prepare('SELECT * FROM meta ORDER BY key').all(),
  };
}

const olderSchemas = migrations.map((_, index) => index + 1).filter((schema) => schema < migrations.length);

test('there is an older schema to migrate from', () => {
  expect(olderSchemas).toContain(1);
});

describe.each(olderSchemas)('a database of schema %i', (schema) => {
  test('keeps its rows and becomes what a new one is', () => {
    const old = fileOfSchema(schema);
    const rows = rowsOf(old);
    migrate(old.sqlite, old.path);
    expect(rowsOf(old)).toEqual(rows);
    const fresh = newFile();
    migrate(fresh.sqlite, fresh.path);
    expect(formOf(old)).toEqual(formOf(fresh));
  });

  test('is left as it was when a step fails', () => {
    const old = fileOfSchema(schema);
    const form = formOf(old);
    const broken = [...migrations, { name: 'broken', sql: 'CREATE TABLE half (id integer); SELECT nonsense;' }];
    expect(() => migrate(old.sqlite, old.path, broken)).toThrow('nonsense');
    expect(formOf(old)).toEqual(form);
    migrate(old.sqlite, old.path);
    expect(rowsOf(old)).toEqual(rowsOf(fileOfSchema(schema)));
  });
});

test('migrating twice changes nothing', () => {
  const file = newFile();
  migrate(file.sqlite, file.path);
  const form = formOf(file);
  migrate(file.sqlite, file.path);
  expect(formOf(file)).toEqual(form);
});

describe('a database of a newer schema', () => {
  const future = [...migrations, { name: 'future', sql: 'CREATE TABLE future (id integer PRIMARY KEY)' }];

  test('is used as it is when it says that this Candle may', () => {
    const file = newFile();
    migrate(file.sqlite, file.path, future);
    const form = formOf(file);
    migrate(file.sqlite, file.path);
    expect(formOf(file)).toEqual(form);
  });

  test('is refused with both numbers when it says otherwise', () => {
    const file = newFile();
    migrate(file.sqlite, file.path, future);
    file.sqlite.exec(`UPDATE meta SET value = ${future.length} WHERE key = 'oldestReader'`);
    const form = formOf(file);
    expect(() => migrate(file.sqlite, file.path)).toThrow(
      `Candle's database ${file.path} is from a newer Candle (schema ${future.length}, this Candle knows ${migrations.length}). Nothing was changed.`,
    );
    expect(formOf(file)).toEqual(form);
  });

  test('is refused when it does not say', () => {
    const file = newFile();
    migrate(file.sqlite, file.path, future);
    file.sqlite.exec('DELETE FROM meta');
    expect(() => migrate(file.sqlite, file.path)).toThrow('is from a newer Candle');
  });
});

test.each([0, 7])("another program's database (user_version %i) is refused and not touched", (version) => {
  const { sqlite, path } = newFile();
  sqlite.exec(`CREATE TABLE songs (title text); PRAGMA user_version = ${version}`);
  expect(() => migrate(sqlite, path)).toThrow(`${path} is the database of another program`);
  expect(sqlite.prepare('SELECT name FROM sqlite_master').pluck().all()).toEqual(['songs']);
});

/** Waits for the word to go, so that all migrate at the same time. */
const racer = `
const [modules, path] = process.argv.slice(1);
const { migrate } = await import(modules + 'migrate.ts');
const { default: BetterSqlite3 } = await import(modules + '../../node_modules/better-sqlite3/lib/index.js');
const sqlite = new BetterSqlite3(path, { timeout: 30_000 });
process.stdout.write('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
migrate(sqlite, path);
sqlite.close();
`;

test('many processes may migrate one database at once', async () => {
  const file = fileOfSchema(1);
  const rows = rowsOf(file);
  const racers = Array.from({ length: 6 }, () => {
    const modules = new URL('./', import.meta.url).href;
    const child = spawn(process.execPath, ['--input-type=module', '-e', racer, modules, file.path], { stdio: 'pipe' });
    return { child, stderr: text(child.stderr), ready: once(child.stdout, 'data'), closed: once(child, 'close') };
  });
  await Promise.all(racers.map(({ ready, closed }) => Promise.race([ready, closed])));
  for (const { child } of racers) child.stdin.write('go');
  for (const { closed, stderr } of racers) {
    expect({ exitCode: (await closed)[0], stderr: await stderr }).toEqual({ exitCode: 0, stderr: '' });
  }
  const fresh = newFile();
  migrate(fresh.sqlite, fresh.path);
  expect(formOf(file)).toEqual(formOf(fresh));
  expect(rowsOf(file)).toEqual(rows);
});
