import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { serveMcp, textOf } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { commands } from '../spec/commands/manifest.ts';
import { openStore } from '../store.ts';
import { awaitNoSupervisor, awaitSupervisor } from '../supervisor-of.ts';

const config = { services: [{ name: 'api', shell: 'echo up; exec sleep 600' }] };

/** Possible additions of a future version: tables, columns with data, settings. */
const future = `
  CREATE TABLE future (id integer PRIMARY KEY, note text); INSERT INTO future VALUES (1, 'kept');
  ALTER TABLE reservations ADD future text DEFAULT 'new' NOT NULL;
  ALTER TABLE runs ADD future text DEFAULT 'new' NOT NULL;
  ALTER TABLE services ADD future text;
  UPDATE reservations SET future = 'kept'; UPDATE runs SET future = 'kept'; UPDATE services SET future = 'kept';
  INSERT INTO meta VALUES ('future', 7);
  PRAGMA user_version = 99`;

test('the database of a newer Candle that allows it can be used, and the additions of that version are kept', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'db']);
  await box.candle(['start', 'api']);
  await box.candle(['kill', 'api']);
  const store = await openStore(box);
  store.exec(future);
  for (const args of [
    ['reserve-port', 'web'],
    ['get-or-reserve-port', 'db'],
    ['start', 'api'],
    ['restart', 'api'],
    ['ps'],
    ['logs', 'api'],
    ['doctor'],
    ['kill', 'api'],
    ['release-ports', 'web'],
  ]) {
    expect({ args, ...(await box.candle(args)) }).toMatchObject({ exitCode: 0 });
  }
  expect(store.prepare('SELECT * FROM future').all()).toEqual([{ id: 1, note: 'kept' }]);
  expect(store.prepare('SELECT service_name, future FROM reservations').all()).toEqual([
    { service_name: 'db', future: 'kept' },
  ]);
  expect(store.prepare('SELECT future FROM runs ORDER BY generation').all().flatMap(Object.values)).toEqual([
    'kept',
    'new',
    'new',
  ]);
  expect(store.prepare('SELECT future FROM services').all()).toEqual([{ future: 'kept' }]);
  expect(store.prepare("SELECT value FROM meta WHERE key = 'future'").all()).toEqual([{ value: 7 }]);
  expect(store.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
});

const forbid = "UPDATE meta SET value = 99 WHERE key = 'oldestReader'; PRAGMA user_version = 99";
const allow = "UPDATE meta SET value = 1 WHERE key = 'oldestReader'";

/** The hash of each file in the state directory, except the journal of the database, and the recovery lock. */
function contentOf(box: Sandbox): Record<string, string> {
  const names = readdirSync(box.stateDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/-journal$|^recovery\.lock$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    names.sort().map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

/** Arguments of the commands that require any. */
const needed: Readonly<Record<string, readonly string[]>> = {
  'get-or-reserve-port': ['api'],
  'get-reserved-port': ['api'],
  send: ['api', 'text'],
  watch: ['api'],
  'wait-for-log': ['api', '--message', 'up'],
  'wait-for-ready': ['api'],
  'who-has': ['4000'],
  'open-browser': ['api'],
  trust: ['.'],
  'erase-database': ['--force'],
};

/** Commands about `.candle.json`, plugins or the documentation, and `mcp`, which opens the database only for a tool. */
const needsNoStore =
  /^(init|add-service|remove-service|setup-project|mcp|plugins.*|config-schema|list-docs|get-doc|agents:guide|help|completion)$/;

test('every command rejects the database of a newer Candle that does not allow it, and does not change it', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const store = await openStore(box);
  store.exec(`${future.replace('PRAGMA user_version = 99', '')}${forbid}`);
  store.close();
  const before = contentOf(box);
  const ids = commands.map(({ id }) => id).filter((id) => !needsNoStore.test(id) && id !== 'exec');
  expect(ids.length).toBeGreaterThan(20);
  for (const id of ids) {
    const { exitCode, stdout } = await box.candle([id, ...(needed[id] ?? []), '--json']);
    const { error, checks } = JSON.parse(stdout);
    const found = error ?? checks.find(({ status }: { status: string }) => status === 'problem');
    expect({ id, exitCode, message: found.message, hint: found.hint }).toMatchObject({
      id,
      exitCode: 1,
      message: expect.stringMatching(/was created by a newer Candle \(schema 99; this Candle supports \d+\)$/),
      hint: expect.stringContaining('Update this Candle'),
    });
  }
  // exec has no --json, because it prints only the output of its command.
  const { stderr } = await box.candle(['exec', 'api', '--', 'true']);
  expect(stderr).toMatch(/^Error: .* was created by a newer Candle \(schema 99;/);
  expect(contentOf(box)).toEqual(before);
  await allowAgain(box);
});

test('an older Candle does not restore the damaged database of a newer one', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const store = await openStore(box);
  store.exec(forbid);
  store.close();
  const path = join(box.stateDir, 'state.db');
  const whole = readFileSync(path);
  // Damages all pages except the first, which contains the number of the schema.
  writeFileSync(path, Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 7)]));
  const before = contentOf(box);
  for (const command of [['list-reserved-ports'], ['reserve-port', 'web'], ['ps']]) {
    const { exitCode, stderr } = await box.candle(command);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('created by a newer Candle'),
    });
  }
  expect(contentOf(box)).toEqual(before);
  writeFileSync(path, whole);
  await allowAgain(box);
});

test('after a newer Candle claims the database, an MCP server that has it open no longer writes to it, and the supervisor exits', async () => {
  const box = sandbox({ config });
  const server = await serveMcp(box);
  await server.ask('ReservePort', { serviceName: 'db' });
  await server.ask('StartService', { name: 'api' });
  const { pid } = await awaitSupervisor(box);
  const store = await openStore(box);
  store.exec(forbid);
  try {
    const answer = await server.call('ReservePort', { serviceName: 'web' });
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toContain('created by a newer Candle');
    expect(store.prepare('SELECT service_name FROM reservations').all()).toEqual([{ service_name: 'db' }]);
    await awaitNoSupervisor(box);
    expect(readFileSync(join(box.stateDir, 'supervisor.log'), 'utf8')).toBe('');
  } finally {
    store.exec(allow);
  }
  // The service keeps running, and the next command starts a supervisor.
  expect((await box.candleJson(['ps', 'api'])).services).toMatchObject([{ status: 'RUNNING' }]);
  expect((await awaitSupervisor(box)).pid).not.toBe(pid);
  expect((await server.ask('ReservePort', { serviceName: 'web' })).serviceName).toBe('web');
});

/** Allows this Candle to use the database again, so that it can close the sandbox. */
async function allowAgain(box: Sandbox): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(box.stateDir, 'state.db'));
  database.exec(allow);
  database.close();
}
