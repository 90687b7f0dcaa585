import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { whyNoOtherUser } from '../bad-input/as-user.ts';
import { sandbox } from '../sandbox.ts';
import { giveToStranger } from './strangers.ts';

/** A project of the caller in a directory of another user, who can replace it by a directory with the same scripts. */
function projectOfCaller(box: Sandbox, config: unknown) {
  const shared = join(box.root, 'shared');
  const mark = join(box.root, 'mark');
  const end = join(box.root, 'end');
  const [mine, theirs] = [join(shared, 'mine'), join(shared, 'theirs')];
  const program = (dir: string, name: string, line: string) => {
    writeFileSync(join(dir, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(dir, name), 0o755);
  };
  for (const dir of [shared, mine, theirs]) mkdirSync(dir);
  for (const dir of [mine, theirs]) writeFileSync(join(dir, '.candle.json'), JSON.stringify(config));
  writeFileSync(join(mine, '.env'), 'FROM=mine');
  writeFileSync(join(theirs, '.env'), 'FROM=theirs');
  program(mine, 'run', `echo up; while ! test -e '${end}'; do sleep 0.1; done; exit 3`);
  program(mine, 'stop', 'exit 0');
  for (const name of ['run', 'stop', 'check']) program(theirs, name, `echo ${name} >> '${mark}'; exec sleep 600`);
  for (const path of [shared, theirs]) giveToStranger(path);
  return {
    mine,
    /** Its program exits while the file exists. */
    end,
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
  const { mine, end, hasRun, replace, putBack } = projectOfCaller(box, { services: [web, api] });
  const started = await box.candle(['start', '--bg'], { cwd: mine });
  expect(started, started.stderr).toMatchObject({ exitCode: 0 });
  replace();
  writeFileSync(end, '');
  const list = async () => (await box.candle(['list', '--all'], { cwd: box.home })).stdout;
  await until('the restart is refused', async () =>
    (await list()).includes(`not restarted: ${mine} was replaced by a directory of user 1002`),
  );
  const kill = await box.candle(['kill-all'], { cwd: box.home });
  expect(kill, kill.stderr).toMatchObject({ exitCode: 0 });
  expect(hasRun()).toBe(false);

  rmSync(end);
  putBack();
  expect(await box.candle(['start', 'web', '--bg'], { cwd: mine })).toMatchObject({ exitCode: 0 });
  replace();
  const stop = await box.candle(['kill-all'], { cwd: box.home });
  expect(stop, stop.stderr).toMatchObject({ exitCode: 0 });
  expect(stop.stdout + stop.stderr).toContain(`${mine} was replaced by a directory of user 1002`);
  expect(hasRun()).toBe(false);
});
