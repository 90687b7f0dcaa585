import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { earlierSchemas } from '../../test/earlier-schemas.ts';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { migrate, schemaAfter } from './migrate.ts';
import { migrations } from './migrations.ts';
import { openDatabase } from './open-store.ts';

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

const reservedRows = `
  INSERT INTO reservations (port, project_dir, service_name, reserved_at_ms, seq)
    VALUES (4000, '/project', 'api', 1000, 1), (4001, '/project', NULL, 2000, 2);
  INSERT INTO port_cursor (id, next_port, issued) VALUES (1, 4002, 2);`;

/** A database as a build of that schema left it, with rows. */
function fileOfSchema(schema: number): File {
  const file = newFile();
  for (const sql of earlierSchemas.slice(0, schema)) file.sqlite.exec(sql);
  file.sqlite.exec(`INSERT INTO meta VALUES ('oldestReader', 1); PRAGMA user_version = ${schema}; ${reservedRows}`);
  return file;
}

function rowsOf({ sqlite }: File): unknown {
  return {
    reservations: sqlite.prepare('SELECT * FROM reservations ORDER BY port').all(),
    cursor: sqlite.prepare('SELECT * FROM port_cursor').all(),
  };
}

/** Every table and index, and the schema version. */
function formOf({ sqlite }: File): unknown {
  return {
    version: sqlite.pragma('user_version', { simple: true }),
    objects: sqlite.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all(),
    meta: sqlite.prepare('SELECT * FROM meta ORDER BY key').all(),
  };
}

describe.each([1, 2, 3])('a database of schema %i, which is older than the first release,', (schema) => {
  test('keeps its reservations and gets the form of a new database', () => {
    const old = fileOfSchema(schema);
    const rows = rowsOf(old);
    expect(migrate(old.sqlite, old.path)).toBe(true);
    expect(rowsOf(old)).toEqual(rows);
    const fresh = newFile();
    migrate(fresh.sqlite, fresh.path);
    expect(formOf(old)).toEqual(formOf(fresh));
  });

  test('is unchanged after a step fails', () => {
    const old = fileOfSchema(schema);
    const form = formOf(old);
    const broken = [...migrations, { name: 'broken', sql: 'CREATE TABLE half (id integer); SELECT nonsense;' }];
    expect(() => migrate(old.sqlite, old.path, broken)).toThrow('nonsense');
    expect(formOf(old)).toEqual(form);
    migrate(old.sqlite, old.path);
    expect(rowsOf(old)).toEqual(rowsOf(fileOfSchema(schema)));
  });
});

test.each([2, 3])(
  'a database of schema %i is unchanged while a service that the earlier build started still runs',
  (schema) => {
    const old = fileOfSchema(schema);
    const endRun = startEarlierRun(old);
    const form = formOf(old);
    expect(() => migrate(old.sqlite, old.path)).toThrow(
      "Services started by an earlier build of Candle are still running: 'api' of /project",
    );
    expect(formOf(old)).toEqual(form);
    endRun();
    expect(migrate(old.sqlite, old.path)).toBe(true);
    expect(old.sqlite.prepare('SELECT service_name, generation, shim_pid FROM runs').all()).toEqual([
      { service_name: 'api', generation: 7, shim_pid: 99 },
    ]);
    expect(old.sqlite.prepare('SELECT name, request_verb, generation FROM services').all()).toEqual([
      { name: 'api', request_verb: 'start', generation: 7 },
    ]);
  },
);

test('a damaged database of an earlier build is not set aside while a service of that build is running', () => {
  const old = fileOfSchema(3);
  const endRun = startEarlierRun(old);
  old.sqlite.close();
  const stateDir = dirname(old.path);
  const bytes = readFileSync(old.path);
  writeFileSync(old.path, bytes.fill(0xff, 100, 108), { mode: 0o600 });
  expect(() => openDatabase(stateDir)).toThrow(
    expect.objectContaining({ code: 'STATE_EARLIER_BUILD_RUNNING', hint: expect.stringContaining('kill -- -99') }),
  );
  expect(readFileSync(old.path)).toEqual(bytes);
  expect(readdirSync(stateDir).filter((name) => name.includes('damaged'))).toEqual([]);
  endRun();
  openDatabase(stateDir).close();
  expect(readdirSync(stateDir).filter((name) => name.includes('damaged'))).not.toEqual([]);
});

test('a service that is called like the old reason of an end keeps its name', () => {
  const old = fileOfSchema(3);
  old.sqlite.exec("UPDATE reservations SET service_name = 'itself' WHERE port = 4000");
  migrate(old.sqlite, old.path);
  expect(old.sqlite.prepare('SELECT service_name FROM reservations WHERE port = 4000').pluck().get()).toBe('itself');
});

test('the reason of an ended run gets its new name', () => {
  const old = fileOfSchema(3);
  old.sqlite.exec(`${earlierRow} UPDATE runs SET ended_at_ms = 5, end_reason = 'itself'`);
  migrate(old.sqlite, old.path);
  expect(old.sqlite.prepare('SELECT end_reason FROM runs').pluck().all()).toEqual(['exited']);
});

test('a detached service of an earlier build blocks the conversion for as long as its supervisor lives', () => {
  const old = fileOfSchema(3);
  old.sqlite.exec(`${earlierRow} UPDATE runs SET status = 'detached'`);
  const stateDir = dirname(old.path);
  mkdirSync(join(stateDir, 'runs/mws3p82s-7b476c59dc4a'), { recursive: true });
  writeFileSync(
    join(stateDir, 'runs/mws3p82s-7b476c59dc4a/members.json'),
    '[{"pid": 4242, "startToken": "1", "sid": 1}]',
  );
  writeFileSync(join(stateDir, 'supervisor.json'), '{"pid": 777, "startToken": "1"}');
  const lock = new BetterSqlite3(join(stateDir, 'lock.db'));
  lock.exec('BEGIN EXCLUSIVE');
  expect(() => migrate(old.sqlite, old.path)).toThrow(
    expect.objectContaining({
      hint: 'Nothing was changed. Stop them, then run the command again: kill 777; kill -- 4242',
    }),
  );
  lock.close();
  expect(migrate(old.sqlite, old.path)).toBe(true);
});

const earlierRow = `
  INSERT INTO services (project_dir, name, desired, ticket, ticket_verb, ticket_pid, ticket_start_token)
    VALUES ('/project', 'api', 'up', 7, 'start', 1, '1');
  INSERT INTO runs (id, project_dir, service_name, ticket, status, shell, root, fingerprint, boot_id, guard_pid, guard_start_token, started_at_ms)
    VALUES ('mws3p82s-7b476c59dc4a', '/project', 'api', 7, 'running', 'true', '/project', '', '', 99, '5', 1);`;

/** Writes the rows of a run and holds its FIFO open, like the shim of the earlier build. Returns a function that closes it. */
function startEarlierRun({ sqlite, path }: File): () => void {
  sqlite.exec(earlierRow);
  const dir = join(dirname(path), 'runs/mws3p82s-7b476c59dc4a');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'pid'), '99         \n');
  execFileSync('mkfifo', [join(dir, 'life')]);
  const fd = openSync(join(dir, 'life'), constants.O_RDWR);
  return () => closeSync(fd);
}

test('migrating twice changes nothing', () => {
  const file = newFile();
  migrate(file.sqlite, file.path);
  const form = formOf(file);
  migrate(file.sqlite, file.path);
  expect(formOf(file)).toEqual(form);
});

describe('a database of a newer schema', () => {
  const future = [...migrations, { name: 'future', sql: 'CREATE TABLE future (id integer PRIMARY KEY)' }];

  test('is used as it is if it allows this Candle to write', () => {
    const file = newFile();
    migrate(file.sqlite, file.path, future);
    const form = formOf(file);
    migrate(file.sqlite, file.path);
    expect(formOf(file)).toEqual(form);
  });

  test('is rejected with both versions if it does not allow this Candle to write', () => {
    const file = newFile();
    migrate(file.sqlite, file.path, future);
    file.sqlite.exec(`UPDATE meta SET value = ${schemaAfter(future)} WHERE key = 'oldestReader'`);
    const form = formOf(file);
    expect(() => migrate(file.sqlite, file.path)).toThrow(
      `Candle's database ${file.path} was created by a newer Candle (schema ${schemaAfter(future)}; this Candle supports ${schemaAfter(migrations)})`,
    );
    expect(formOf(file)).toEqual(form);
  });

  test('is rejected if it does not say which Candle may write', () => {
    const file = newFile();
    migrate(file.sqlite, file.path, future);
    file.sqlite.exec('DELETE FROM meta');
    expect(() => migrate(file.sqlite, file.path)).toThrow('was created by a newer Candle');
  });
});

test.each([0, 7])("another program's database (user_version %i) is rejected and not changed", (version) => {
  const { sqlite, path } = newFile();
  sqlite.exec(`CREATE TABLE songs (title text); PRAGMA user_version = ${version}`);
  expect(() => migrate(sqlite, path)).toThrow(`${path} is the database of another program`);
  expect(sqlite.prepare('SELECT name FROM sqlite_master').pluck().all()).toEqual(['songs']);
});

/** Waits for the start signal, so that all processes migrate at the same time. */
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

test('many processes can migrate one database at once', async () => {
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
