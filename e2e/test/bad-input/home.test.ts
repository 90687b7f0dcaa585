import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { calm } from '../calm.ts';
import { bin, sandbox } from '../sandbox.ts';
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

describe.runIf(process.platform === 'linux')('a directory that cannot contain directories', () => {
  /** Kills a command that never ends. */
  function runBounded(line: string, variables: Record<string, string>) {
    const box = sandbox();
    const { stderr, status } = spawnSync(process.execPath, [bin, ...line.split(' ')], {
      cwd: box.projectDir,
      env: { ...box.env, CANDLE_STATE_DIR: '', ...variables },
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    return { stderr, status };
  }

  const none = '/proc/none';
  test.each([
    [
      'list',
      { HOME: none },
      `state directory ${none}/.local/state/candle cannot be used: ${none} cannot be created\nSet CANDLE_STATE_DIR `,
    ],
    ['plugins install x', { HOME: none }, `Plugins cannot be changed in ${none}/.local/share/candle: ENOENT`],
    [
      'completion install fish',
      { HOME: none },
      `${none}/.config/fish/completions/candle.fish cannot be changed: ENOENT`,
    ],
  ])('%s fails with %j, and names the directory', (line, variables, message) => {
    const { stderr, status } = runBounded(line, variables);
    expect(stderr).toContain(message);
    expect(status).toBe(1);
  });

  test('as the directory of compiled code, it is not used', () => {
    expect(runBounded('doctor', { XDG_CACHE_HOME: none })).toEqual({ stderr: '', status: 0 });
  });
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
