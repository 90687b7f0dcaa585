import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calm } from '../calm.ts';
import { sandbox } from '../sandbox.ts';
import { asUser, whyNoOtherUser, withoutRights } from './as-user.ts';
import { refusal } from './refusal.ts';

/** A user without an entry in /etc/passwd, as in a container that was started with `--user`. */
const unknownUid = 61_234;

test.for(['', 'relative/home'])(
  'a HOME of %j counts as unset, and no database is created in the current directory',
  async (home, { skip }) => {
    skip(whyNoOtherUser !== undefined, whyNoOtherUser);
    const box = sandbox();
    chmodSync(box.root, 0o755);
    chownSync(box.projectDir, unknownUid, unknownUid);
    const run = asUser(unknownUid, box, { env: { HOME: home, CANDLE_STATE_DIR: '' } });
    const { code, message, hint } = await refusal(run, ['reserve-port', 'api']);
    expect(code).toBe('STATE_HOME_UNKNOWN');
    expect(message).toContain('HOME is not set');
    expect(hint).toContain('Set HOME');
    expect(readdirSync(box.projectDir)).toEqual([]);
  },
);

test('a user without an entry in /etc/passwd can use Candle if HOME is set', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'echo "as $(id -u)"; sleep 600', port: null }] } });
  for (const dir of [box.root, box.home, box.projectDir, join(box.root, 'tmp')]) chownSync(dir, unknownUid, unknownUid);
  const run = asUser(unknownUid, box);
  expect(await run(['reserve-port', 'web'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await run(['start', 'api', '--bg'])).toMatchObject({ exitCode: 0, stderr: calm });
  expect((await run(['logs', 'api'])).stdout).toBe(`as ${unknownUid}\n`);
  expect(await run(['plugins'])).toMatchObject({
    exitCode: 0,
    stdout: 'No plugins are installed. To install one: candle plugins install NAME\n',
  });
  expect(await run(['kill'])).toMatchObject({ exitCode: 0, stdout: "[Stopped process 'api']\n" });
});

test('a HOME that does not exist yet is created for the database', async () => {
  const box = sandbox();
  const home = join(box.root, 'new/home');
  mkdirSync(join(box.root, 'new'));
  expect(await box.candle(['reserve-port', 'api'], { env: { HOME: home, CANDLE_STATE_DIR: '' } })).toMatchObject({
    exitCode: 0,
  });
  expect(existsSync(join(home, '.local/state/candle/state.db'))).toBe(true);
});

test('CANDLE_STATE_DIR is used if HOME is empty', async ({ skip }) => {
  // Runs as a user with an entry in /etc/passwd.
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox();
  const run = withoutRights(box, { env: { HOME: '' } });
  expect((await run(['reserve-port', 'api'])).stdout).toMatch(/^Reserved port \d+ for service 'api'\n$/);
  expect(readdirSync(box.projectDir)).toEqual([]);
  expect(readdirSync(box.stateDir)).toEqual(['state.db', 'state.db-journal', 'state.db.commit', 'state.db.last']);
});
