import { chownSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startDyingRegistry } from '../registry/dying-registry.ts';
import { npmProgram } from '../registry/publish.ts';
import { type Registry, startRegistry } from '../registry/start-registry.ts';
import { launcher, nobody, whyNoOtherUser } from '../test/bad-input/as-user.ts';
import { sandbox } from '../test/sandbox.ts';
import { type GlobalInstall, globalInstall } from './global-install.ts';
import { answerOf, program, startService } from './main-job.ts';
import { cliOfVersion } from './new-version.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
  const work = mkdtempSync(join(tmpdir(), 'candle-versions-'));
  for (const version of ['1.0.0', '1.1.0']) await registry.publish(await cliOfVersion(version, work));
  rmSync(work, { recursive: true });
});
afterAll(() => registry.close());

/** Turns off npm's retries, which take a minute and change nothing here. */
const noRetries = ['--fetch-retries=0'];

/** Installs version 1.0.0 and starts a service. */
async function withOldVersion() {
  const box = sandbox();
  box.writeFile('server.mjs', program);
  const old = globalInstall(box, registry.env);
  const { exitCode, stderr } = await old.npm('install', '@candle/cli@1.0.0');
  expect(exitCode, stderr).toBe(0);
  return { box, old, port: await startService(old, 'api') };
}

async function expectOldVersionWorks({ candle }: GlobalInstall, port: number): Promise<void> {
  expect((await candle(['--version'])).stdout).toMatch(/^@candle\/cli\/1\.0\.0 /);
  expect((await candle(['ps'])).stdout).toMatch(/^api +RUNNING/m);
  expect(await answerOf(port)).toBe(`hello from ${port}`);
  await startService({ candle }, 'another');
}

test.for(['cli-1.1.0', 'better-sqlite3-'])(
  'the old version keeps working if the registry fails in the middle of %s',
  async (fatal) => {
    const { box, old, port } = await withOldVersion();
    const dying = await startDyingRegistry(registry.url, fatal);
    onTestFinished(() => dying.close());
    const npmrc = join(box.root, 'npmrc');
    writeFileSync(
      npmrc,
      readFileSync(registry.npmrc, 'utf8').replaceAll(new URL(registry.url).host, new URL(dying.url).host),
    );
    // A separate cache, because the other installation's cache contains the tarballs.
    const env = {
      ...registry.env,
      npm_config_userconfig: npmrc,
      npm_config_registry: dying.url,
      npm_config_cache: join(box.root, 'cache'),
    };
    const upgrade = await globalInstall(box, env).npm('install', '@candle/cli@1.1.0', ...noRetries);
    expect(upgrade.exitCode).not.toBe(0);
    expect(upgrade.stderr).toMatch(
      /npm error code (ECONNRESET|ECONNREFUSED|EINTEGRITY|TAR_BAD_ARCHIVE|Z_BUF_ERROR|UND_ERR_SOCKET)/,
    );
    await expectOldVersionWorks(old, port);

    const again = await old.npm('install', '@candle/cli@1.1.0');
    expect(again, again.stderr).toMatchObject({ exitCode: 0 });
    expect((await old.candle(['--version'])).stdout).toMatch(/^@candle\/cli\/1\.1\.0 /);
  },
);

test('the old version keeps working if the registry is unreachable or does not have the new version', async () => {
  const { box, old, port } = await withOldVersion();
  const nowhere = {
    ...registry.env,
    npm_config_registry: 'http://127.0.0.1:9',
    npm_config_userconfig: join(box.root, 'none'),
    npm_config_cache: join(box.root, 'cache'),
  };
  expect((await globalInstall(box, nowhere).npm('install', '@candle/cli@1.1.0', ...noRetries)).stderr).toContain(
    'npm error code ECONNREFUSED',
  );
  expect((await old.npm('install', '@candle/cli@9.9.9')).stderr).toContain('npm error code ETARGET');
  await expectOldVersionWorks(old, port);
});

test('npm refuses a prefix that is not writable, and the old version keeps working', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const { box, old, port } = await withOldVersion();
  // The prefix belongs to root. The user nobody upgrades, with a separate home, settings and cache.
  const home = join(box.root, 'nobody');
  mkdirSync(home);
  copyFileSync(registry.npmrc, join(home, '.npmrc'));
  for (const path of [box.root, home, join(home, '.npmrc')]) chownSync(path, nobody, nobody);
  const args = ['install', '@candle/cli@1.1.0', '--global', '--prefix', old.prefix];
  const upgrade = await runProgram(process.execPath, [launcher, String(nobody), npmProgram, ...args], {
    cwd: home,
    env: { ...box.env, HOME: home, TMPDIR: home },
  });
  expect(upgrade.stderr).toContain('npm error code EACCES');
  await expectOldVersionWorks(old, port);
});
