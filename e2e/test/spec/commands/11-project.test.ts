import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { sandbox } from '../../sandbox.ts';
import { program } from '../../services/programs.ts';
import { commands } from './manifest.ts';

/** Commands that are not about one project, or only about the current directory. Plugin commands are filtered below. */
const unscoped = [
  'kill-all',
  'list-all',
  'ps-all',
  'list-reserved-ports-all',
  'setup-project',
  'doctor',
  'erase-database',
  'trust',
  'list-ports-all',
  'who-has',
  'config-schema',
  'list-docs',
  'get-doc',
  'agents:guide',
  'help',
  'completion',
];

test('every project-scoped command has `--project DIR`', async () => {
  const shown = commands.filter(({ flags }) => flags.project && !flags.project.hidden).map(({ id }) => id);
  expect(shown.sort()).toEqual(
    commands
      .map(({ id }) => id)
      .filter((id) => !unscoped.includes(id) && id.split(':')[0] !== 'plugins')
      .sort(),
  );
});

test('`--project DIR` has the same effect as running the command in DIR, with an absolute or a relative path', async () => {
  const box = sandbox({ config: { services: [] } });
  const cwd = join(box.root, 'far', 'away');
  mkdirSync(cwd, { recursive: true });
  for (const project of [box.projectDir, relative(cwd, box.projectDir), `${box.projectDir}/`]) {
    const there = (line: string[]) => box.candleJson([...line, '--project', project], { cwd });
    expect(await there(['add-service', 'api', '--shell', program('listens.mjs')])).toMatchObject({
      path: `${box.projectDir}/.candle.json`,
    });
    expect(await there(['start', 'api'])).toMatchObject({ services: [{ projectDir: box.projectDir }] });
    expect(await there(['list'])).toMatchObject({ services: [{ name: 'api', status: 'RUNNING' }] });
    expect(await there(['get-reserved-port', 'api'])).toMatchObject({ projectDir: box.projectDir });
    expect(await there(['release-ports'])).toMatchObject({ releasedCount: 1 });
    expect(await there(['kill'])).toMatchObject({ services: [{ name: 'api', stopped: true }] });
    await there(['remove-service', 'api']);
  }
});

test('a hint about a project in another directory says how to run its commands in the current directory', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'exec sleep 1000' }] } });
  const cwd = join(box.root, 'far away');
  mkdirSync(cwd);
  const there = (...line: string[]) => box.candle([...line, '--project', '../project'], { cwd });
  const added = 'To run these commands in this directory, add: --project ../project\n';
  await there('reserve-port', 'api');
  const { stderr: hint } = await there('reserve-port', 'api');
  expect(hint).toMatch(/candle release-ports api\n/);
  expect(hint.endsWith(added)).toBe(true);
  expect((await there('release-ports', 'api')).stderr).toBe('');
  const { stderr: unknown } = await there('get-reserved-port', 'apx');
  expect(unknown).toBe(
    `Error: No reserved port found for service 'apx'\nTo reserve one: candle reserve-port apx\n${added}`,
  );
  // Suggested names and help pages do not depend on the current directory.
  expect((await there('start', 'no-such')).stderr).not.toContain(added);
  expect((await there('start', '--move')).stderr).toMatch(/For help: candle start --help\n$/);
  expect(JSON.parse((await there('get-reserved-port', 'apx', '--json')).stdout)).toMatchObject({ error: {} });
});

test('if DIR no longer exists, its services can still be listed and stopped, and its ports released', async () => {
  const box = sandbox();
  const dir = join(box.root, 'worktree');
  mkdirSync(dir);
  await box.candle(['add-service', 'api', '--shell', program('listens.mjs')], { cwd: dir });
  await box.candle(['start', 'api'], { cwd: dir });
  const { port } = await box.candleJson(['get-reserved-port', 'api'], { cwd: dir });
  rmSync(dir, { recursive: true });
  const there = (line: string[]) => box.candle([...line, '--project', dir]);
  expect((await there(['list'])).stdout).toMatch(/^api\b[\s\S]*RUNNING/);
  expect(await there(['get-reserved-port', 'api'])).toEqual({ stdout: `${port}\n`, stderr: '', exitCode: 0 });
  expect(await there(['kill'])).toEqual({ stdout: "[Stopped process 'api']\n", stderr: '', exitCode: 0 });
  expect(await there(['release-ports'])).toEqual({ stdout: 'Released 1 reserved port\n', stderr: '', exitCode: 0 });
});

test('a DIR that does not exist, is a file, or is empty is reported as such', async () => {
  const box = sandbox({ config: {} });
  const file = box.writeFile('file', '');
  for (const [project, sentence] of [
    ['/does/not/exist', '/does/not/exist does not exist, and Candle knows no project at this path'],
    [file, `${file} is not a directory`],
    ['', '--project must not be empty'],
  ] as const) {
    for (const command of ['reserve-port', 'release-ports', 'list', 'kill']) {
      const { stdout, stderr, exitCode } = await box.candle([command, '--project', project]);
      expect({ command, stdout, exitCode, first: stderr.split('\n', 1) }).toEqual({
        command,
        stdout: '',
        exitCode: 1,
        first: [`Error: ${sentence}`],
      });
    }
  }
});
