import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { inSandbox, refusalOfAll } from './refusal.ts';
import { alter, contentOf, copyWithLog, manyRows } from './store-file.ts';

const config = { services: [{ name: 'api', shell: 'sleep 600' }] };

test.for<[string, string, (path: string) => void]>([
  ['not a database', 'file is not a database', (path) => writeFileSync(path, 'this is not a database\n'.repeat(200))],
  ['empty', 'it is empty', (path) => truncateSync(path)],
  [
    'truncated to half its size',
    'database disk image is malformed',
    (path) => truncateSync(path, statSync(path).size / 2),
  ],
  ['truncated within its header', 'database disk image is malformed', (path) => truncateSync(path, 50)],
])('if state.db is %s, it is set aside unchanged and replaced by a new one', async ([, reason, damage]) => {
  const box = sandbox({ config });
  const path = join(box.stateDir, 'state.db');
  await box.candle(['reserve-port', 'api']);
  alter(box.stateDir, manyRows(5000, 4000));
  damage(path);
  const before = readFileSync(path);

  const { exitCode, stdout, stderr } = await box.candle(['reserve-port', 'web']);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Reserved port \d+ for service 'web'\n$/)]);
  const aside = /it was set aside as (\S+)$/m.exec(stderr)?.[1] ?? '';
  expect(stderr).toContain(`Warning: Candle's database ${path} could not be used (${reason})`);
  expect(aside).toMatch(/\/state\.db\.damaged-\d{8}T\d{6}\.\d{3}Z$/);
  expect(readFileSync(aside)).toEqual(before);
  expect(stderr).toMatch(/^Restored: \d+ reservations?/m);
  expect(await box.candle(['ps'])).toMatchObject({ exitCode: 0, stderr: '' });
});

/** Copies a state directory as it is while its last writes are only in the log, together with the copy of the database. */
function copyWithLastCopy(box: Sandbox, rows: string): string {
  const stateDir = join(box.root, 'copy');
  copyWithLog(box.stateDir, rows, stateDir);
  copyFileSync(join(box.stateDir, 'state.db.last'), join(stateDir, 'state.db.last'));
  return stateDir;
}

test('if state.db is truncated but its log is intact, every reservation of the copy is restored', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  alter(box.stateDir, manyRows(5000, 4000));
  // Copies what the test has added.
  await box.candle(['reserve-port', 'web']);
  const stateDir = copyWithLastCopy(box, manyRows(9000, 1000));
  truncateSync(join(stateDir, 'state.db'), statSync(join(stateDir, 'state.db')).size / 2);
  const { ports } = await box.candleJson(['list-reserved-ports', '--all'], { env: { CANDLE_STATE_DIR: stateDir } });
  const restored = new Set(ports.map(({ port }: { port: number }) => port));
  const copied = [4000, 4001, ...Array.from({ length: 4000 }, (_, index) => 5000 + index)];
  expect(copied.filter((port) => !restored.has(port))).toEqual([]);
});

test('the log of a missing database is set aside, and SQLite does not apply it to the restored database', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const stateDir = copyWithLastCopy(box, manyRows(9000, 2));
  rmSync(join(stateDir, 'state.db'));
  const log = readFileSync(join(stateDir, 'state.db-wal'));
  const options = { env: { CANDLE_STATE_DIR: stateDir } };
  const { stdout, stderr } = await box.candle(['list-reserved-ports', '--all'], options);
  expect(stderr).toContain('it is missing, but its log still exists');
  expect(stdout.match(/Port \d+/g)).toEqual(['Port 4000']);
  const aside = readdirSync(stateDir).find((name) => /damaged-.*-wal$/.test(name)) ?? '';
  expect(readFileSync(join(stateDir, aside))).toEqual(log);
});

test.for<[string, (path: string) => void]>([
  ['is a directory', (path) => mkdirSync(path)],
  ['is not a regular file', (path) => execFileSync('mkfifo', [path])],
  ['is not a regular file', (path) => symlinkSync('/dev/zero', path)],
  ['is a symbolic link to a file that does not exist', (path) => symlinkSync('../unmounted/state.db', path)],
])('a state.db that %s is rejected and not changed', async ([problem, make]) => {
  const box = sandbox({ config });
  const path = join(box.stateDir, 'state.db');
  mkdirSync(box.stateDir);
  make(path);
  const { ino, mode } = lstatSync(path);
  const error = await refusalOfAll(inSandbox(box));
  expect(error).toMatchObject({
    code: 'STATE_DATABASE_NOT_A_FILE',
    message: `Candle's database ${path} cannot be used: it ${problem}`,
  });
  expect(lstatSync(path)).toMatchObject({ ino, mode });
  expect(existsSync(join(box.root, 'unmounted'))).toBe(false);
});

test.for([
  ['does not say which older versions can use it', 'DELETE FROM meta'],
  ['requires a newer version for its schema', "UPDATE meta SET value = 50 WHERE key = 'oldestReader'"],
])('the state.db of a newer Candle that %s is rejected and not changed', async ([, sql]) => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  alter(box.stateDir, `PRAGMA user_version = 99; ${sql}`);
  const before = contentOf(box.stateDir);
  const { code, message, hint } = await refusalOfAll(inSandbox(box));
  expect(code).toBe('STATE_TOO_NEW');
  expect(message).toMatch(/state\.db was created by a newer Candle \(schema 99; this Candle supports \d+\)/);
  expect(hint).toContain('Update this Candle');
  expect(contentOf(box.stateDir)).toEqual(before);
});

test('the state.db of a newer Candle that allows this version is used, and its schema is kept', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  alter(box.stateDir, 'PRAGMA user_version = 99; ALTER TABLE reservations ADD COLUMN colour TEXT');
  expect((await box.candle(['get-reserved-port', 'api'])).stdout).toBe(`${port}\n`);
  expect((await box.candle(['reserve-port', 'web'])).exitCode).toBe(0);
  alter(box.stateDir, 'UPDATE reservations SET colour = 1');
});

test.for([
  ['without a version', 'PRAGMA user_version = 0'],
  ['with a version that Candle also has', 'PRAGMA user_version = 2'],
  ['with a high version', 'PRAGMA user_version = 4711'],
])('the database of another program %s is rejected and not changed', async ([, version]) => {
  const box = sandbox({ config });
  mkdirSync(box.stateDir);
  alter(box.stateDir, `CREATE TABLE photos (name TEXT); INSERT INTO photos VALUES ('me'); ${version}`);
  const before = contentOf(box.stateDir);
  const { code, message } = await refusalOfAll(inSandbox(box));
  expect([code, message]).toEqual(['STATE_FOREIGN', expect.stringContaining(join(box.stateDir, 'state.db'))]);
  expect(contentOf(box.stateDir)).toEqual(before);
});
