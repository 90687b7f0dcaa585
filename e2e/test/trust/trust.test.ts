import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { whyNoOtherUser } from '../bad-input/as-user.ts';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { bin, sandbox } from '../sandbox.ts';
import { giveToStranger, stranger, writeAsStranger } from './strangers.ts';

const config = JSON.stringify({ services: [{ name: 'web', shell: 'sleep 600', ready: false }] });

/** A project that belongs to another user. */
function foreignProject() {
  const box = sandbox();
  writeAsStranger(box.projectDir, config);
  giveToStranger(box.projectDir);
  return box;
}

test('trust is for one directory and its owner, and can be listed and revoked', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = foreignProject();
  const { projectDir } = box;
  const start = () => box.candle(['start', '--bg']);
  expect((await refusal(inSandbox(box), ['start', '--bg'])).hint).toContain(`candle trust ${projectDir}`);
  expect(await box.candle(['trust', '--list'])).toMatchObject({ stdout: 'No directory is trusted\n', exitCode: 0 });

  const link = join(box.root, 'link');
  symlinkSync(projectDir, link);
  expect(await box.candle(['trust', '../link'])).toEqual({
    stdout: `Trusted: ${projectDir}, owned by uid ${stranger}\n`,
    stderr: '',
    exitCode: 0,
  });
  expect(await start()).toMatchObject({ exitCode: 0 });
  const entry = { dir: projectDir, source: 'candle trust', problem: null, owners: [{ uid: stranger, user: null }] };
  const document = { directories: [entry] };
  expect(await box.candleJson(['trust', '--list'])).toEqual(document);

  // A directory below is another project.
  const below = join(projectDir, 'below');
  mkdirSync(below);
  writeAsStranger(below, config);
  giveToStranger(below);
  expect((await refusal(inSandbox(box, { cwd: below }), ['start', '--bg'])).code).toBe('CONFIG_UNTRUSTED');

  chownSync(join(projectDir, '.candle.json'), 1003, 1003);
  expect((await refusal(inSandbox(box), ['start', '--bg'])).details).toMatchObject({ part: 'file', uid: 1003 });
  expect((await box.candle(['trust', '--list'])).stdout).toBe(
    `${projectDir}, owned by uid ${stranger}; has no effect, because it now contains ${projectDir}/.candle.json of user 1003\n`,
  );
  giveToStranger(join(projectDir, '.candle.json'));
  expect(await start()).toMatchObject({ exitCode: 0 });

  expect(await box.candleJson(['trust', '--revoke', projectDir])).toEqual(document);
  expect(await start()).toMatchObject({ exitCode: 1 });
  expect((await refusal(inSandbox(box), ['trust', '--revoke', projectDir])).code).toBe('PROJECT_NOT_TRUSTED');
  expect(await box.candle(['kill'])).toMatchObject({ stdout: "[Stopped process 'web']\n", exitCode: 0 });
});

test('the trust survives the loss of the database', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = foreignProject();
  await box.candle(['trust', '.']);
  expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 0 });
  await box.candle(['kill']);
  renameSync(join(box.stateDir, 'state.db'), join(box.root, 'state.db'));
  const again = await box.candle(['start', '--bg']);
  expect(again, again.stderr).toMatchObject({ exitCode: 0 });
  expect(again.stderr).not.toContain('First start');
});

test('a value of CANDLE_TRUST that has no effect is reported with its reason', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = foreignProject();
  const env = { CANDLE_TRUST: `.:/proc/self/cwd:/nowhere:${box.home}` };
  const error = await refusal(inSandbox(box, { env }), ['start', '--bg']);
  expect(error.hint.split('\n')).toEqual([
    "'.' in CANDLE_TRUST has no effect, because it is not an absolute path",
    "'/proc/self/cwd' in CANDLE_TRUST has no effect, because it is a different directory in each process",
    "'/nowhere' in CANDLE_TRUST has no effect, because it does not exist",
    `To use it anyway: candle trust ${box.projectDir}`,
    'For details: candle get-doc trust',
  ]);
  expect((await box.candle(['trust', '--list'], { env })).stdout.trim().split('\n')).toEqual([
    '., from CANDLE_TRUST, for any owner; has no effect, because it is not an absolute path',
    '/proc/self/cwd, from CANDLE_TRUST, for any owner; has no effect, because it is a different directory in each process',
    '/nowhere, from CANDLE_TRUST, for any owner; has no effect, because it does not exist',
    `${box.home}, from CANDLE_TRUST, for any owner`,
  ]);
});

test('trust rejects what is not an existing directory', async () => {
  const box = sandbox();
  expect((await refusal(inSandbox(box), ['trust', 'gone'])).code).toBe('PROJECT_GONE');
  box.writeFile('file', '');
  const file = await refusal(inSandbox(box), ['trust', 'file']);
  expect(file.code).toBe('PROJECT_NOT_A_DIRECTORY');
  expect(file.hint).toBe(`To trust the directory of the file: candle trust ${box.projectDir}`);
  expect((await box.candle(['trust'])).stderr).toContain('Type candle trust DIR, or candle trust --list');
  for (const line of [['trust'], ['trust', ''], ['trust', '--list', '.'], ['trust', '--list', '--revoke', '.']]) {
    expect([line, (await box.candleJson(line)).error.code]).toEqual([line, 'USAGE']);
  }
});

/** Why root in a user namespace cannot be tested here; undefined if it can. */
const whyNoUserNamespace =
  whyNoOtherUser ??
  (spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0
    ? undefined
    : 'this system does not allow user namespaces');

test('CANDLE_TRUST makes root in a container use a checkout that belongs to uid 1000', async ({ skip }) => {
  skip(whyNoUserNamespace !== undefined, whyNoUserNamespace);
  const box = sandbox();
  writeAsStranger(box.projectDir, config);
  for (const path of [box.projectDir, join(box.projectDir, '.candle.json')]) chownSync(path, 1000, 1000);
  const script = `c() { "$0" "${bin}" "$@"; }
      c start --bg && exit 9
      c ps >&2 || exit 8
      export CANDLE_TRUST="/nowhere:$PWD"
      c start --bg && c ps && c check-start && c kill`;
  const inside = ['--user', '--map-root-user', 'sh', '-c', script, process.execPath];
  const { stdout, stderr, exitCode } = await runProgram('unshare', inside, { cwd: box.projectDir, env: box.env });
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain(`Error: ${box.projectDir}/.candle.json is not used, because it belongs to user `);
  expect(stdout).toMatch(
    /Started process 'web'[\s\S]*^web +RUNNING[\s\S]*Already running: 'web'[\s\S]*Stopped process 'web'/m,
  );
});
