import { execFileSync, execSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { alter, contentOf, copyWithLog, manyRows } from './ledger-file.ts';
import { inSandbox, refusal, refusalOfAll } from './refusal.ts';

const config = { services: [{ name: 'api', shell: 'sleep 600' }] };

test.for<[string, string, (path: string) => void]>([
  ['no database', 'file is not a database', (path) => writeFileSync(path, 'this is no database at all\n'.repeat(200))],
  ['empty', 'it is empty', (path) => truncateSync(path)],
  ['cut in half', 'database disk image is malformed', (path) => truncateSync(path, statSync(path).size / 2)],
  ['cut in its header', 'database disk image is malformed', (path) => truncateSync(path, 50)],
])('state.db that is %s is refused, kept, and the way out that is told works', async ([, reason, damage]) => {
  const box = sandbox({ config });
  const path = join(box.stateDir, 'state.db');
  await box.candle(['reserve-port', 'api']);
  alter(box.stateDir, manyRows(5000, 4000));
  damage(path);
  const before = contentOf(box.stateDir);

  const error = await refusalOfAll(inSandbox(box));
  expect(error).toMatchObject({
    code: 'STATE_DAMAGED',
    message: `Candle's database ${path} is damaged (${reason}). Nothing was changed.`,
    details: { path, reason },
  });
  expect(contentOf(box.stateDir)).toEqual(before);

  execSync(error.hint.slice(error.hint.indexOf('mkdir ')));
  expect(contentOf(join(box.stateDir, 'damaged'))).toEqual(before);
  expect((await box.candle(['reserve-port', 'api'])).exitCode).toBe(0);
});

test('of state.db that is cut in half beside its log, an answer is right or refused', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  alter(box.stateDir, manyRows(5000, 4000));
  const stateDir = join(box.root, 'copy');
  copyWithLog(box.stateDir, manyRows(9000, 1000), stateDir);
  const options = { env: { CANDLE_STATE_DIR: stateDir } };
  expect((await box.candleJson(['list-reserved-ports', '--all'], options)).ports).toHaveLength(5001);

  copyWithLog(box.stateDir, manyRows(10_000, 1000), join(box.root, 'cut'));
  const cut = { env: { CANDLE_STATE_DIR: join(box.root, 'cut') } };
  truncateSync(join(box.root, 'cut/state.db'), statSync(join(box.root, 'cut/state.db')).size / 2);
  for (const line of [
    ['list-reserved-ports', '--all'],
    ['reserve-port', 'web'],
  ] as const) {
    expect((await refusal(inSandbox(box, cut), [...line])).code).toBe('STATE_DAMAGED');
  }
  const { exitCode, stdout } = await box.candle(['get-reserved-port', 'api'], cut);
  expect([exitCode, stdout]).toEqual(exitCode === 0 ? [0, `${port}\n`] : [1, '']);
});

test('a log without its database is refused, as it would be played into the next one', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const stateDir = join(box.root, 'copy');
  copyWithLog(box.stateDir, manyRows(9000, 1000), stateDir);
  rmSync(join(stateDir, 'state.db'));
  const before = contentOf(stateDir);
  const { code, message } = await refusalOfAll(inSandbox(box, { env: { CANDLE_STATE_DIR: stateDir } }));
  expect([code, message]).toEqual(['STATE_DAMAGED', expect.stringContaining('it is gone, but its log is still there')]);
  expect(contentOf(stateDir)).toEqual(before);
});

test.for<[string, (path: string) => void]>([
  ['is a directory', (path) => mkdirSync(path)],
  ['is not a regular file', (path) => execFileSync('mkfifo', [path])],
  ['is not a regular file', (path) => symlinkSync('/dev/zero', path)],
  ['is a symbolic link to a file that does not exist', (path) => symlinkSync('../unmounted/state.db', path)],
])('state.db that %s is refused and left as it is', async ([problem, make]) => {
  const box = sandbox({ config });
  const path = join(box.stateDir, 'state.db');
  mkdirSync(box.stateDir);
  make(path);
  const { ino, mode } = lstatSync(path);
  const error = await refusalOfAll(inSandbox(box));
  expect(error).toMatchObject({
    code: 'STATE_DATABASE_NOT_A_FILE',
    message: `Candle's database ${path} cannot be used: it ${problem}. Nothing was changed.`,
  });
  expect(lstatSync(path)).toMatchObject({ ino, mode });
  expect(existsSync(join(box.root, 'unmounted'))).toBe(false);
});

test.for([
  ['says nothing of older ones', 'DELETE FROM meta'],
  ['wants a newer one for its schema', "UPDATE meta SET value = 50 WHERE key = 'oldestReader'"],
])('state.db of a newer Candle that %s is refused and left as it is', async ([, sql]) => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  alter(box.stateDir, `PRAGMA user_version = 99; ${sql}`);
  const before = contentOf(box.stateDir);
  const { code, message, hint } = await refusalOfAll(inSandbox(box));
  expect(code).toBe('STATE_TOO_NEW');
  expect(message).toMatch(/state\.db is from a newer Candle \(schema 99, this Candle knows \d+\)/);
  expect(hint).toContain('Update this Candle');
  expect(contentOf(box.stateDir)).toEqual(before);
});

test('state.db of a newer Candle that says that this one may use it is used, and its schema kept', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  alter(box.stateDir, 'PRAGMA user_version = 99; ALTER TABLE reservations ADD COLUMN colour TEXT');
  expect((await box.candle(['get-reserved-port', 'api'])).stdout).toBe(`${port}\n`);
  expect((await box.candle(['reserve-port', 'web'])).exitCode).toBe(0);
  alter(box.stateDir, 'UPDATE reservations SET colour = 1');
});

test.for([
  ['without a version', 'PRAGMA user_version = 0'],
  ['with a version like one of Candle', 'PRAGMA user_version = 2'],
  ['with a high version', 'PRAGMA user_version = 4711'],
])('the database of another program %s is refused and left as it is', async ([, version]) => {
  const box = sandbox({ config });
  mkdirSync(box.stateDir);
  alter(box.stateDir, `CREATE TABLE photos (name TEXT); INSERT INTO photos VALUES ('me'); ${version}`);
  const before = contentOf(box.stateDir);
  const { code, message } = await refusalOfAll(inSandbox(box));
  expect([code, message]).toEqual(['STATE_FOREIGN', expect.stringContaining(join(box.stateDir, 'state.db'))]);
  expect(contentOf(box.stateDir)).toEqual(before);
});
