import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { whyNoMount } from '../bad-input/small-disk.ts';
import { sandbox } from '../sandbox.ts';
import { openStore } from '../store.ts';
import { awaitNoSupervisor } from '../supervisor-of.ts';

const config = { services: [{ name: 'api', shell: 'echo begun; exec sleep 600' }] };
const readers = [['ps'], ['list'], ['logs', 'api'], ['list-reserved-ports'], ['get-reserved-port', 'api']];

/** Mounts the state directory at another path, read-only; undefined if this user cannot mount. */
function mountReadOnly(box: Sandbox): string | undefined {
  const path = join(box.root, 'read-only');
  mkdirSync(path);
  if (spawnSync('mount', ['--bind', box.stateDir, path]).status !== 0) return undefined;
  // Runs before the sandbox is removed, because handlers run in reverse order of registration.
  onTestFinished(() => void execFileSync('umount', ['--lazy', path]));
  execFileSync('mount', ['-o', 'remount,bind,ro', path]);
  return path;
}

async function stoppedService(): Promise<Sandbox> {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  await box.candle(['start', 'api', '--bg']);
  await box.candle(['kill', 'api']);
  await awaitNoSupervisor(box);
  return box;
}

async function expectReadable(box: Sandbox, stateDir: string): Promise<void> {
  for (const reader of readers) {
    const expected = await box.candle(reader);
    expect(expected.exitCode).toBe(0);
    expect(await box.candle(reader, { env: { CANDLE_STATE_DIR: stateDir } })).toEqual(expected);
  }
}

test('commands that only read work on a read-only mount', async ({ skip }) => {
  const box = await stoppedService();
  const readOnly = mountReadOnly(box) ?? skip(whyNoMount);
  await expectReadable(box, readOnly);
  const refused = await box.candleJson(['reserve-port', 'web'], { env: { CANDLE_STATE_DIR: readOnly } });
  expect(refused.error.code).toBe('STATE_NOT_WRITABLE');
});

test('commands that only read use the last copy on a read-only mount if a killed process left a journal', async ({
  skip,
}) => {
  const box = await stoppedService();
  // Changes a page of the file in the middle of a transaction, like a process that is killed then.
  const store = await openStore(box);
  store.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA cache_size = 1; BEGIN IMMEDIATE');
  const insert = store.prepare("INSERT INTO reservations VALUES (?, '/elsewhere', NULL, 0, 0)");
  for (let port = 10_000; port < 12_000; port++) insert.run(port);
  const killed = join(box.root, 'killed');
  mkdirSync(killed, { mode: 0o700 });
  for (const name of ['state.db', 'state.db-journal', 'state.db.last']) {
    copyFileSync(join(box.stateDir, name), join(killed, name));
  }
  store.close();
  for (const name of ['state.db', 'state.db-journal']) copyFileSync(join(killed, name), join(box.stateDir, name));
  const readOnly = mountReadOnly(box) ?? skip(whyNoMount);
  const env = { CANDLE_STATE_DIR: readOnly };
  const answers = [];
  for (const reader of readers) answers.push(await box.candle(reader, { env }));
  expect(answers).toEqual(await Promise.all(readers.map((reader) => box.candle(reader))));
  expect(answers.map(({ exitCode }) => exitCode)).toEqual(readers.map(() => 0));
});

test('commands that only read use the newer copy on a read-only mount if an older one is in the place of the database, and say so', async ({
  skip,
}) => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'early']);
  copyFileSync(join(box.stateDir, 'state.db'), join(box.root, 'older.db'));
  await box.candle(['reserve-port', 'api']);
  await box.candle(['start', 'api', '--bg']);
  await box.candle(['kill', 'api']);
  await awaitNoSupervisor(box);
  copyFileSync(join(box.root, 'older.db'), join(box.stateDir, 'state.db'));
  const readOnly = mountReadOnly(box) ?? skip(whyNoMount);
  const env = { CANDLE_STATE_DIR: readOnly };
  const answers = [];
  for (const reader of readers) answers.push(await box.candle(reader, { env }));
  for (const { stderr } of answers) {
    expect(stderr).toContain('(it was replaced by an older copy)');
    expect(stderr).toContain(
      'it cannot be replaced (the file system is read-only), so this command reads a copy in memory',
    );
  }
  const refused = await box.candleJson(['reserve-port', 'web'], { env });
  expect(refused.error.code).toBe('STATE_NOT_WRITABLE');
  const written = [];
  for (const reader of readers) written.push(await box.candle(reader));
  const shown = ({ exitCode, stdout }: { exitCode: number | undefined; stdout: string }) => ({ exitCode, stdout });
  expect(answers.map(shown)).toEqual(written.map(shown));
  expect(written.map(({ exitCode }) => exitCode)).toEqual(readers.map(() => 0));
});
