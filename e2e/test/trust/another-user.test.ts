import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { nobody, whyNoOtherUser, withoutRights } from '../bad-input/as-user.ts';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { inPart } from '../bounded.ts';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { giveToStranger, markingConfig, sharedDirectory, stranger, writeAsStranger } from './strangers.ts';

const starts = [
  ['start', '--bg'],
  ['start', 'web', '--bg'],
  ['check-start'],
  ['check-start', 'web'],
  ['up'],
  ['up', 'web'],
  ['restart'],
  ['restart', 'web'],
] as const;

inPart(1).for([
  ['root', false],
  ['an ordinary user', true],
] as const)(
  '%s runs nothing from a configuration that another user puts above a repository',
  async ([, isOrdinary], { skip }) => {
    skip(whyNoOtherUser !== undefined, whyNoOtherUser);
    const box = sandbox();
    const shared = sharedDirectory(box);
    const marking = markingConfig(box);
    const path = writeAsStranger(shared, marking.text);
    const clone = join(shared, 'mine');
    mkdirSync(clone);
    await runProgram('git', ['init', '-q', clone], { cwd: clone, env: box.env });
    if (isOrdinary) await runProgram('chown', ['-R', String(nobody), clone], { cwd: clone, env: box.env });
    const run = isOrdinary ? withoutRights(box, { cwd: clone }) : inSandbox(box, { cwd: clone });
    for (const line of starts) {
      const error = await refusal(run, line);
      expect(error.code).toBe('PROJECT_NOT_FOUND');
      expect(error.message.startsWith(`${path} is not used, because it belongs to user ${stranger}. `)).toBe(true);
      expect(error.hint).toContain(`candle trust ${shared}`);
    }
    // Nor is anything below blocked.
    expect(await run(['reserve-port', 'own'])).toMatchObject({ exitCode: 0 });
    expect(await run(['add-service', 'own', '--shell', 'sleep 600'])).toMatchObject({ exitCode: 0 });
    const start = await run(['start', 'own', '--bg']);
    expect(start, start.stderr).toMatchObject({ exitCode: 0 });
    expect(await run(['kill'])).toMatchObject({ exitCode: 0 });
    expect(marking.hasRun()).toBe(false);
  },
);

test('no command, tool or edit uses a configuration that belongs to another user', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox();
  const marking = markingConfig(box);
  // Known to the database, so that commands for all projects come across it.
  await box.candle(['reserve-port', 'web']);
  const path = writeAsStranger(box.projectDir, marking.text);
  for (const line of [...starts, ['env', 'web'], ['remove-service', 'web']] as const) {
    const error = await refusal(inSandbox(box), [...line]);
    expect([line, error.code]).toEqual([line, 'CONFIG_UNTRUSTED']);
    expect(error.details).toEqual({
      ...{ path, at: path, dir: box.projectDir },
      ...{ part: 'file', uid: stranger, user: null },
    });
  }
  expect(await box.candle(['exec', 'web', '--', 'true'])).toMatchObject({ stdout: '', exitCode: 1 });
  const added = await refusal(inSandbox(box), ['add-service', 'x', '--shell', 'true']);
  expect(added.code).toBe('CONFIG_UNTRUSTED');
  expect(readFileSync(path, 'utf8')).toBe(marking.text);

  const warning = `Warning: ${path} is not used, because it belongs to user ${stranger}\n`;
  for (const line of [['ps'], ['list'], ['list-reserved-ports'], ['get-reserved-port', 'web'], ['logs'], ['kill']]) {
    const result = await box.candle(line);
    expect([line, result.stderr.includes(warning), result.exitCode]).toEqual([line, true, 0]);
    expect(result.stderr).toContain('candle trust');
  }
  for (const line of [['ps-all'], ['list-all'], ['list-reserved-ports-all'], ['kill-all']]) {
    const { stdout, exitCode } = await box.candle(line, { cwd: box.home });
    expect([line, exitCode]).toEqual([line, 0]);
    expect(stdout).not.toContain('echo ran');
  }

  const mcp = await serveMcp(box);
  for (const [tool, input] of [
    ['StartService', { name: 'web' }],
    ['CheckStartService', {}],
    ['RestartService', { name: 'web' }],
    ['AddServerConfig', { name: 'x', shell: 'true' }],
  ] as const) {
    const { structuredContent } = await mcp.call(tool, input);
    expect([tool, structuredContent]).toMatchObject([tool, { error: { code: 'CONFIG_UNTRUSTED' } }]);
  }
  expect(marking.hasRun()).toBe(false);

  giveToStranger(path, 0);
  expect((await box.candle(['start', '--bg'])).stdout).toContain("Started process 'web'");
  expect(marking.ran('shell')).toBe(true);
});

test('what runs can be stopped after another user has taken the configuration', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox({ config: { services: [{ name: 'web', shell: 'sleep 600', ready: false }] } });
  const marking = markingConfig(box);
  expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 0 });
  writeAsStranger(box.projectDir, marking.text);
  expect((await refusal(inSandbox(box), ['restart'])).code).toBe('CONFIG_UNTRUSTED');
  expect((await box.candle(['ps'])).stdout).toMatch(/^web +RUNNING/m);
  for (const line of ['ps-all', 'list-all']) {
    const all = await box.candle([line], { cwd: box.home });
    expect(all.stderr).toContain(`\nTo use it anyway: candle trust ${box.projectDir}\n`);
  }
  expect(await box.candle(['kill'])).toMatchObject({ stdout: "[Stopped process 'web']\n", exitCode: 0 });
  expect(marking.hasRun()).toBe(false);
});

test('a directory or a symbolic link of another user is not used either', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const marking = (box = sandbox()) => ({ box, ...markingConfig(box) });
  const { box, text, hasRun } = marking();
  box.writeConfig(text);
  giveToStranger(box.projectDir);
  const directory = await refusal(inSandbox(box), ['start', '--bg']);
  expect(directory).toMatchObject({ code: 'CONFIG_UNTRUSTED', details: { part: 'directory' } });
  chownSync(box.projectDir, 0, 0);

  // A link to a configuration of the caller would run its commands in another directory.
  const shared = sharedDirectory(box);
  symlinkSync(join(box.projectDir, '.candle.json'), join(shared, '.candle.json'));
  giveToStranger(join(shared, '.candle.json'));
  const link = await box.candle(['start', '--bg'], { cwd: shared });
  // Some systems already refuse to follow the link.
  expect(link.stderr).toMatch(/is a symbolic link of user|permission denied/);
  expect(link.exitCode).toBe(1);
  expect(hasRun()).toBe(false);
});

test('a file that every user can change is not used; one that its group can change is', async () => {
  const box = sandbox({ config: { services: [{ name: 'web', shell: 'sleep 600', ready: false }] } });
  const path = join(box.projectDir, '.candle.json');
  chmodSync(path, 0o666);
  const error = await refusal(inSandbox(box), ['start', '--bg']);
  expect(error.message).toBe(`${path} is not used, because every user can change it`);
  expect(error.hint.split('\n', 1)).toEqual([`To let only its owner change it: chmod go-w ${path}`]);
  chmodSync(path, 0o664);
  expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 0 });
});

test('root uses the configuration of the user who called sudo', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox();
  writeAsStranger(box.projectDir, JSON.stringify({ services: [{ name: 'web', shell: 'sleep 600', ready: false }] }));
  giveToStranger(box.projectDir);
  expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 1 });
  const start = await box.candle(['start', '--bg'], { env: { SUDO_UID: String(stranger) } });
  expect(start, start.stderr).toMatchObject({ exitCode: 0 });
});
