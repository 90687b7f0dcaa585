import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';

const service = { name: 'api', shell: 'exec sleep 1000' };
const config = { services: [service] };

function git(box: Sandbox, cwd: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t'];
  execFileSync('git', [...identity, ...args], { cwd, env: { ...box.env, GIT_CONFIG_NOSYSTEM: '1' }, stdio: 'pipe' });
}

/** A directory next to the project of the sandbox, which belongs to no project. */
function directory(box: Sandbox, ...names: string[]): string {
  const path = join(box.root, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

/** A repository with one commit, because a worktree needs one. */
function repository(box: Sandbox, name: string): string {
  const path = directory(box, name);
  git(box, path, 'init', '--quiet');
  git(box, path, 'commit', '--quiet', '--allow-empty', '--message', 'first');
  return path;
}

test('rule 1: the project is the nearest directory with a .candle.json, here or in a parent', async () => {
  const box = sandbox({ config });
  const cwd = join(box.projectDir, 'src', 'deep');
  mkdirSync(cwd, { recursive: true });
  expect((await box.candleJson(['reserve-port', 'api'], { cwd })).projectDir).toBe(box.projectDir);
  expect((await box.candleJson(['list'], { cwd })).services).toMatchObject([{ projectDir: box.projectDir }]);
});

test('rule 2: kill, list and release-ports find the project even if its .candle.json was deleted', async () => {
  const box = sandbox({ config });
  await box.candle(['start', 'api']);
  const { port } = await box.candleJson(['reserve-port', 'api']);
  rmSync(join(box.projectDir, '.candle.json'));
  const cwd = join(box.projectDir, 'src');
  mkdirSync(cwd);
  expect((await box.candleJson(['list'], { cwd })).services).toMatchObject([
    { name: 'api', projectDir: box.projectDir },
  ]);
  expect(await box.candle(['kill'], { cwd })).toMatchObject({ stdout: "[Stopped process 'api']\n", exitCode: 0 });
  expect((await box.candle(['release-ports', 'api'], { cwd })).stdout).toBe(
    `Released port ${port} for service 'api'\n`,
  );
});

describe('rule 3: without a known project', () => {
  test('reserving a port makes the root of the git work tree a project, reported once on stderr', async () => {
    const box = sandbox();
    const root = repository(box, 'checkout');
    const cwd = directory(box, 'checkout', 'src');
    const note = `New project: ${root} (no .candle.json there; to create one: candle init)\n`;
    expect(await box.candle(['get-or-reserve-port', 'api'], { cwd })).toEqual({
      stdout: expect.stringMatching(/^\d+\n$/),
      stderr: note,
      exitCode: 0,
    });
    expect((await box.candle(['reserve-port', 'web'], { cwd })).stderr).toBe('');
    expect((await box.candleJson(['list-reserved-ports'], { cwd: root })).ports).toMatchObject([
      { projectDir: root, serviceName: 'web' },
      { projectDir: root, serviceName: 'api' },
    ]);
  });

  test('outside git, the current directory becomes the project; with --json, nothing is printed on stderr', async () => {
    const box = sandbox();
    const cwd = directory(box, 'here');
    const { stdout, stderr } = await box.candle(['reserve-port', '--json'], { cwd });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ projectDir: cwd });
  });

  test('the home directory and / never become a project', async () => {
    const box = sandbox();
    for (const cwd of [box.home, '/']) {
      const sentence = `${cwd} is not used as a project by default, because everything below it would belong to it`;
      for (const command of [
        ['reserve-port', 'api'],
        ['start', 'api', '--shell', 'sleep 1000'],
      ]) {
        const { stdout, stderr, exitCode } = await box.candle(command, { cwd });
        expect([stdout, stderr.split('\n', 1), exitCode]).toEqual(['', [`Error: ${sentence}`], 1]);
      }
    }
    expect((await box.candleJson(['list-reserved-ports', '--all'])).ports).toEqual([]);
  });

  test('start --shell makes the current directory a project; other commands suggest candle init', async () => {
    const box = sandbox();
    const cwd = directory(box, 'here');
    for (const command of ['list', 'ps', 'logs', 'kill', 'down', 'start', 'check-start', 'restart']) {
      const { stdout, stderr, exitCode } = await box.candle([command], { cwd });
      const sentence = `Error: No .candle.json was found in ${cwd} or its parent directories`;
      expect([command, stdout, stderr.split('\n', 1), exitCode]).toEqual([command, '', [sentence], 1]);
    }
    expect(await box.candle(['start', 'job', '--shell', 'exec sleep 1000'], { cwd })).toMatchObject({ exitCode: 0 });
    expect((await box.candleJson(['list'], { cwd })).services).toMatchObject([{ name: 'job', projectDir: cwd }]);
  });
});

describe('rule 4: a linked worktree inside the main checkout', () => {
  test("does not reach the main checkout's services and ports", async () => {
    const box = sandbox();
    const main = repository(box, 'main');
    const worktree = join(main, '.worktrees', 'topic');
    git(box, main, 'worktree', 'add', '--quiet', worktree);
    await box.candle(['add-service', 'api', '--shell', program('listens.mjs')], { cwd: main });
    await box.candle(['start', 'api'], { cwd: main });
    const { port } = await box.candleJson(['get-reserved-port', 'api'], { cwd: main });

    expect(await box.candle(['kill'], { cwd: worktree })).toMatchObject({ exitCode: 1 });
    expect((await box.candle(['release-ports'], { cwd: worktree })).stdout).toBe('No reserved ports to release\n');
    const own = await box.candleJson(['reserve-port', 'api'], { cwd: worktree });
    expect(own).toMatchObject({ projectDir: worktree });
    expect(own.port).not.toBe(port);
    expect((await box.candleJson(['list'], { cwd: main })).services).toMatchObject([{ status: 'RUNNING' }]);
  });

  test('keeps its reservations after it is removed, and --project with its old path releases them', async () => {
    const box = sandbox();
    const main = repository(box, 'main');
    await box.candle(['setup-project'], { cwd: main });
    const worktree = join(main, '.worktrees', 'topic');
    git(box, main, 'worktree', 'add', '--quiet', worktree);
    for (const name of ['api', 'web']) await box.candle(['reserve-port', name], { cwd: worktree });
    const mainPort = await box.candleJson(['reserve-port', 'api'], { cwd: main });
    git(box, main, 'worktree', 'remove', worktree);

    expect(await box.candle(['release-ports', 'api', '--project', worktree])).toMatchObject({
      stderr: '',
      exitCode: 0,
    });
    expect(await box.candle(['release-ports', '--project', '.worktrees/topic'], { cwd: main })).toMatchObject({
      stdout: 'Released 1 reserved port\n',
      exitCode: 0,
    });
    expect((await box.candleJson(['list-reserved-ports', '--all'])).ports).toMatchObject([{ port: mainPort.port }]);
  });
});

test('rule 5: a directory is the same project through a symbolic link', async () => {
  const box = sandbox({ config });
  const link = join(box.root, 'link');
  symlinkSync(box.projectDir, link);
  const { port } = await box.candleJson(['reserve-port', 'api'], { cwd: link });
  expect((await box.candle(['get-reserved-port', 'api'])).stdout).toBe(`${port}\n`);
  expect((await box.candle(['get-reserved-port', 'api', '--project', link], { cwd: '/' })).stdout).toBe(`${port}\n`);
});

test('rule 6: with an invalid .candle.json, only the commands that need it fail; the others warn', async () => {
  const box = sandbox({ config });
  await box.candle(['start', 'api']);
  box.writeConfig('{ "services": [ { "name": "api" } ] }');
  const warning = new RegExp(`^Warning: ${box.projectDir}/.candle.json is not valid`, 'm');
  const able = [
    ['reserve-port', 'api'],
    ['get-reserved-port', 'api'],
    ['get-or-reserve-port', 'api'],
    ['list-reserved-ports'],
    ['release-ports', 'api'],
    ['release-ports'],
    ['list'],
    ['ps'],
    ['logs', 'api'],
    ['kill'],
  ];
  for (const command of able) {
    const { stderr, exitCode } = await box.candle(command);
    expect({ command, exitCode, stderr }).toEqual({ command, exitCode: 0, stderr: expect.stringMatching(warning) });
  }
  const unable = [
    ['start'],
    ['check-start'],
    ['up'],
    ['restart', 'api'],
    ['add-service', 'web', '--shell', 'x'],
    ['remove-service', 'api'],
  ];
  for (const command of unable) {
    const { stderr, exitCode } = await box.candle(command);
    const sentence = expect.stringMatching(new RegExp(`^Error: ${box.projectDir}/.candle.json is not valid`));
    expect({ command, exitCode, stderr }).toEqual({ command, exitCode: 1, stderr: sentence });
    expect(stderr).not.toMatch(warning);
  }
});
