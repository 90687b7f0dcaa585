import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { whyNoOtherUser } from '../bad-input/as-user.ts';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { sandbox } from '../sandbox.ts';
import { giveToStranger, stranger } from './strangers.ts';

const notUsed = `is not used, because it belongs to user ${stranger}; see candle get-doc trust`;

/** A project of the caller with one file, whose command leaves a mark. */
function projectWith(file: string, text: (command: string) => string) {
  const box = sandbox();
  const mark = join(box.root, 'mark');
  const path = join(box.projectDir, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text(`touch ${mark}`));
  return { box, path, hasRun: () => existsSync(mark) };
}

async function failedUp(box: Sandbox): Promise<{ readonly code: string; readonly message: string }> {
  const { stdout, exitCode } = await box.candle(['up', '--yes', '--json']);
  expect([stdout, exitCode]).toEqual([expect.any(String), 1]);
  return JSON.parse(stdout).error;
}

const packageText = (command: string) =>
  JSON.stringify({ name: 'web', scripts: { dev: `${command}; exec node server.js` } });
const procfileText = (command: string) => `web: ${command}; sleep 600\n`;

test.for([
  ['package.json', packageText],
  ['web/package.json', packageText],
  ['Procfile', procfileText],
  ['process-compose.yaml', (command: string) => `processes: { web: { command: '${command}' } }\n`],
  ['mprocs.yaml', (command: string) => `procs: { web: { shell: '${command}' } }\n`],
  ['compose.yaml', () => 'services: { db: { image: postgres, ports: ["5432:5432"] } }\n'],
  ['index.html', () => '<h1>shop</h1>\n'],
  ['Makefile', (command: string) => `dev:\n\t${command}\n`],
] as const)('up runs nothing of %s if it belongs to another user', async ([file, text], { skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const { box, path, hasRun } = projectWith(file, text);
  giveToStranger(path);
  const error = await failedUp(box);
  expect(error.code).toBe('PROJECT_WITHOUT_SERVICES');
  expect(error.message).toContain(`${file}: ${notUsed}`);
  expect(existsSync(join(box.projectDir, '.candle.json'))).toBe(false);
  expect(hasRun()).toBe(false);
});

test('up runs nothing from a directory, or through a link, of another user', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const { box, path, hasRun } = projectWith('web/package.json', packageText);
  giveToStranger(dirname(path));
  const inDirectory = await failedUp(box);
  expect(inDirectory.message).toContain(`web/package.json: is not used, because web belongs to user ${stranger}`);
  giveToStranger(dirname(path), 0);
  chmodSync(dirname(path), 0o777);
  const inOpenDirectory = await failedUp(box);
  expect(inOpenDirectory.message).toContain('every user can replace the files in web');
  chmodSync(dirname(path), 0o755);
  chmodSync(path, 0o666);
  const openFile = await failedUp(box);
  expect(openFile.message).toContain('web/package.json: is not used, because every user can change it');
  chmodSync(path, 0o644);

  const link = projectWith('a/b/c/Procfile', procfileText);
  symlinkSync(join('a/b/c', 'Procfile'), join(link.box.projectDir, 'Procfile'));
  giveToStranger(join(link.box.projectDir, 'Procfile'));
  const throughLink = await failedUp(link.box);
  expect(throughLink.message).toContain(
    `Procfile: is not used, because Procfile is a symbolic link of user ${stranger}`,
  );
  expect([hasRun(), link.hasRun()]).toEqual([false, false]);
});

test('init refuses the directory of another user until it is trusted', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const { box, path, hasRun } = projectWith('package.json', packageText);
  giveToStranger(path);
  giveToStranger(box.projectDir);
  writeFileSync(join(box.projectDir, 'server.js'), 'setInterval(() => {}, 1_000);\n');
  for (const line of [['init'], ['up', '--yes']] as const) {
    const error = await refusal(inSandbox(box), [...line]);
    expect(error.code).toBe('CONFIG_UNTRUSTED');
    expect(error.hint).toContain(`candle trust ${box.projectDir}`);
  }
  expect(hasRun()).toBe(false);
  const named = await box.candle(['init'], { env: { CANDLE_TRUST: box.projectDir } });
  expect(named).toMatchObject({ exitCode: 0 });
  expect(await box.candle(['trust', box.projectDir])).toMatchObject({ exitCode: 0 });
  const up = await box.candle(['up', '--yes']);
  expect(up, up.stderr).toMatchObject({ exitCode: 0 });
  await until('the command has run', async () => hasRun());
});

test('up uses the files that are trusted, and reports the others', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const { box, path, hasRun } = projectWith('web/package.json', packageText);
  mkdirSync(join(box.projectDir, 'api'));
  writeFileSync(join(box.projectDir, 'api/package.json'), JSON.stringify({ scripts: { dev: 'node worker.js' } }));
  writeFileSync(join(box.projectDir, 'api/worker.js'), 'setInterval(() => {}, 1_000);\n');
  giveToStranger(path);
  const up = await box.candle(['up', '--yes']);
  expect(up, up.stderr).toMatchObject({ exitCode: 0 });
  expect(up.stdout).toContain(`web/package.json: ${notUsed}`);
  expect(hasRun()).toBe(false);
});
