import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { git, writeServer } from './projects.ts';

/** A repository with a worktree beside it. Returns the directory of the worktree. */
async function repository(box: Sandbox): Promise<string> {
  writeServer(box, 'web');
  await git(box, 'init', '-q');
  await git(box, 'add', 'web');
  await git(box, 'commit', '-qm', 'Add a server');
  return join(box.root, 'worktree');
}

test('in a worktree, init offers the untracked configuration of the main checkout, and --yes copies it', async () => {
  const box = sandbox();
  const worktree = await repository(box);
  const text =
    '// Mine.\n{ "services": [{ "name": "mine", "shell": "npm run dev", "root": "web", "port": "auto" }] }\n';
  box.writeFile('.candle.json', text);
  await git(box, 'worktree', 'add', '-q', worktree);
  const mainConfig = join(box.projectDir, '.candle.json');
  const offered = await box.candle(['init'], { cwd: worktree });
  expect(JSON.parse(offered.stdout)).toMatchObject({ projectDir: worktree, mainConfig, written: null });
  expect(offered.stderr).toBe(`Nothing was written. To copy ${mainConfig}: candle init --yes\n`);
  const { stderr, exitCode } = await box.candle(['up'], { cwd: worktree });
  expect([stderr, exitCode]).toEqual([
    `Error: There is no .candle.json in ${worktree}. The main checkout has ${mainConfig}, which git does not track\nTo copy it and start the services: candle up --yes\n`,
    1,
  ]);
  expect(existsSync(join(worktree, '.candle.json'))).toBe(false);
  const up = await box.candleJson(['up', '--yes'], { cwd: worktree });
  expect(up).toMatchObject({ ready: true, services: [{ name: 'mine' }] });
  expect(readFileSync(join(worktree, '.candle.json'), 'utf8')).toBe(text);
  rmSync(join(worktree, '.candle.json'));
  expect((await box.candle(['init', '--yes'], { cwd: worktree })).stdout).toMatch(
    /^The main checkout has .*, which git does not track\. Copying it to .*\nCopied /,
  );
});

test('--from-main copies the configuration; without one, it fails', async () => {
  const box = sandbox();
  const worktree = await repository(box);
  await git(box, 'worktree', 'add', '-q', worktree);
  const missing = await box.candle(['init', '--from-main', '--yes'], { cwd: worktree });
  expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
  expect(missing.stderr).toContain('is not in a git worktree whose main checkout has a .candle.json');
  box.writeFile('.candle.json', '{ "services": [] }');
  const copied = await box.candleJson(['init', '--from-main', '--yes'], { cwd: worktree });
  expect(copied.written).toMatchObject({ created: true, copiedFrom: join(box.projectDir, '.candle.json') });
});

test('a configuration that git tracks is not copied', async () => {
  const box = sandbox();
  const worktree = await repository(box);
  await git(box, 'worktree', 'add', '-q', worktree);
  box.writeFile('.candle.json', '{ "services": [] }');
  await git(box, 'add', '.candle.json');
  expect(await box.candleJson(['init'], { cwd: worktree })).toMatchObject({ mainConfig: null });
});

test('the file is written to the root of the work tree, and never to the home directory', async () => {
  const box = sandbox();
  await repository(box);
  const { path } = await box.candleJson(['init', '--yes'], { cwd: join(box.projectDir, 'web') });
  expect(path).toBe(join(box.projectDir, '.candle.json'));
  const { stderr, exitCode } = await box.candle(['init', '--yes'], { cwd: box.home });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(box.home);
  expect(existsSync(join(box.home, '.candle.json'))).toBe(false);
});
