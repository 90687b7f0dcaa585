import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { whyNoOtherUser } from '../bad-input/as-user.ts';
import { sandbox } from '../sandbox.ts';
import { giveToStranger } from './strangers.ts';

/** A project of the caller in a directory of another user, who can replace it by a directory with the same scripts. */
function projectOfCaller(box: Sandbox, config: unknown) {
  const shared = join(box.root, 'shared');
  const mark = join(box.root, 'mark');
  const [mine, theirs] = [join(shared, 'mine'), join(shared, 'theirs')];
  const program = (dir: string, name: string, line: string) => {
    writeFileSync(join(dir, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(dir, name), 0o755);
  };
  for (const dir of [shared, mine, theirs]) mkdirSync(dir);
  writeFileSync(join(mine, '.candle.json'), JSON.stringify(config));
  writeFileSync(join(mine, '.env'), 'FROM=mine');
  writeFileSync(join(theirs, '.env'), 'FROM=theirs');
  program(mine, 'run', 'echo up; exec sleep 600');
  program(mine, 'stop', 'exit 0');
  for (const name of ['run', 'stop', 'check']) program(theirs, name, `echo ${name} >> '${mark}'; exec sleep 600`);
  for (const path of [shared, theirs]) giveToStranger(path);
  return {
    mine,
    theirs,
    hasRun: () => existsSync(mark),
    replace: () => {
      renameSync(mine, join(shared, 'aside'));
      renameSync(theirs, mine);
    },
    putBack: () => {
      renameSync(mine, theirs);
      renameSync(join(shared, 'aside'), mine);
    },
  };
}

test('a directory that another user replaces during a start is not used', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox();
  const go = join(box.root, 'go');
  const db = {
    name: 'db',
    shell: `while ! test -e '${go}'; do sleep 0.1; done; echo up; sleep 600`,
    ready: { log: 'up' },
  };
  const web = { name: 'web', shell: './run', ready: false, dependsOn: ['db'] };
  const environment = {
    name: 'env',
    shell: 'echo "$FROM"; sleep 600',
    envFile: '.env',
    ready: false,
    dependsOn: ['db'],
  };
  const { mine, hasRun, replace } = projectOfCaller(box, { services: [db, web, environment] });
  const start = box.candle(['start', '--bg'], { cwd: mine });
  await until('db is starting', async () =>
    (await box.candle(['ps', '--all'], { cwd: box.home })).stdout.includes('db'),
  );
  replace();
  writeFileSync(go, '');
  const { exitCode, stderr } = await start;
  expect(exitCode, stderr).toBe(1);
  expect(stderr).toContain(`${mine} was replaced by a directory of user 1002`);
  expect((await box.candle(['ps', '--all'], { cwd: box.home })).stdout).not.toMatch(/^(web|env) +RUNNING/m);
  expect(hasRun()).toBe(false);
});

test('neither a restart, a check nor a stopCommand runs in a directory that has been replaced', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox();
  const web = { name: 'web', shell: './run', restart: 'always', stopCommand: './stop', ready: { log: 'up' } };
  const api = { name: 'api', shell: 'sleep 600', ready: { exec: './check', interval: '100ms' } };
  const { mine, hasRun, replace, putBack } = projectOfCaller(box, { services: [web, api] });
  const started = await box.candle(['start', '--bg'], { cwd: mine });
  expect(started, started.stderr).toMatchObject({ exitCode: 0 });
  replace();
  const { stdout } = await box.candle(['ps', '--json', '--all'], { cwd: box.home });
  const pid: number = JSON.parse(stdout).services.find((service: { name: string }) => service.name === 'web').pid;
  process.kill(pid, 'SIGKILL');
  const ps = async () => (await box.candle(['ps', '--all'], { cwd: box.home })).stdout;
  await until('the restart is refused', async () => (await ps()).includes('was replaced by a directory of user 1002'));
  const kill = await box.candle(['kill-all'], { cwd: box.home });
  expect(kill, kill.stderr).toMatchObject({ exitCode: 0 });
  expect(hasRun()).toBe(false);

  putBack();
  expect(await box.candle(['start', 'web', '--bg'], { cwd: mine })).toMatchObject({ exitCode: 0 });
  replace();
  const stop = await box.candle(['kill-all'], { cwd: box.home });
  expect(stop, stop.stderr).toMatchObject({ exitCode: 0 });
  expect(stop.stdout + stop.stderr).toContain(`${mine} was replaced by a directory of user 1002`);
  expect(hasRun()).toBe(false);
});

/** Exchanges two paths for as long as it runs, with renameat2 and RENAME_EXCHANGE, so that both exist at any time. */
const exchange = 'my ($call, $one, $other) = @ARGV; while (1) { syscall($call + 0, -100, $one, -100, $other, 2) }';
const renameat2 = { x64: '316', arm64: '276' }[process.arch as string];
const whyNoExchange =
  renameat2 === undefined || process.platform !== 'linux' || spawnSync('perl', ['-e', '1']).status !== 0
    ? 'there is no program here that exchanges two paths'
    : whyNoOtherUser;

test('a configuration is never combined with a directory of another user, however often its path changes', async ({
  skip,
}) => {
  skip(whyNoExchange !== undefined, whyNoExchange);
  const box = sandbox({ config: { services: [{ name: 'web', shell: './run', ready: false }] } });
  const { theirs, hasRun } = projectOfCaller(box, {});
  const link = join(box.root, 'shared/link');
  symlinkSync(box.projectDir, link);
  const exchanging = spawn('perl', ['-e', exchange, String(renameat2), theirs, link], { stdio: 'ignore' });
  onTestFinished(() => void exchanging.kill('SIGKILL'));
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await box.candle(['start', '--bg', '--project', theirs], { cwd: box.home });
  }
  expect(hasRun()).toBe(false);
});
