import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { whyNoRights, withoutRights } from '../bad-input/as-user.ts';
import { mountSmallDisk, whyNoMount } from '../bad-input/small-disk.ts';
import { openFakeRegistry } from './fake-registry.ts';
import { pluginBox } from './plugin-box.ts';
import type { PluginParts } from './plugin-package.ts';

const working: PluginParts = { name: 'candle-plugin-sound', commands: { sound: true } };
/** Random data does not compress, so half of the tarball takes several packets. */
const large: PluginParts = {
  name: '@ada/half',
  commands: { half: true },
  files: { 'noise.txt': randomBytes(300_000).toString('base64') },
};

test.each([
  ['shell characters', 'hosts; $(reboot)', "'hosts; $(reboot)' cannot be installed: it is not the name of a plugin"],
  ['control characters', '\u001b[2Jhosts', "'\\u001b[2Jhosts' cannot be installed: it has control characters"],
  ['10,000 characters', 'a'.repeat(10_000), `'${'a'.repeat(60)}…' cannot be installed: it is too long`],
])('a plugin name with %s is rejected before any request or write', async (_, name, message) => {
  const box = pluginBox({ env: { CANDLE_NPM_REGISTRY: 'http://127.0.0.1:9/' } });
  expect((await box.failure('plugins', 'install', name)).message).toBe(message);
  expect(box.dataDirEntries()).toEqual([]);
  expect(existsSync(join(box.root, 'npm-cache'))).toBe(false);
});

test('paths that do not exist, directories without a plugin, and files that are not tarballs are rejected', async () => {
  const box = pluginBox();
  const above = dirname(box.projectDir);
  expect(await box.failure('plugins', 'install', '../')).toMatchObject({
    code: 'PLUGIN_IS_DIRECTORY',
    hint: `To link it: candle plugins link ${above}`,
  });
  expect((await box.failure('plugins', 'install', '../../etc/passwd')).code).toBe('PLUGIN_TARBALL_MISSING');
  expect((await box.failure('plugins', 'install', './nowhere.tgz')).message).toBe(
    `${join(box.projectDir, 'nowhere.tgz')} does not exist`,
  );
  box.writeFile('noise.tgz', 'no tarball at all');
  expect((await box.failure('plugins', 'install', './noise.tgz')).message).toMatch(/^'.*noise\.tgz' could not be/);
  expect((await box.failure('plugins', 'link', 'nowhere')).code).toBe('PLUGIN_DIRECTORY_MISSING');
  expect((await box.failure('plugins', 'link', '.')).message).toMatch(/cannot be linked: it has no package\.json$/);
  box.writeFile('package.json', '{"name": "shop"}');
  expect((await box.failure('plugins', 'link', '.')).message).toBe(
    'shop is not a Candle plugin: its package.json has no "oclif"',
  );
  expect(box.dataDirEntries()).toEqual([]);
});

test('the error for an unknown plugin suggests an installed plugin with a similar name', async () => {
  const box = pluginBox();
  for (const command of ['inspect', 'update', 'uninstall']) {
    expect(await box.failure('plugins', command, 'sound')).toMatchObject({
      code: 'PLUGIN_NOT_INSTALLED',
      message: "No plugin 'sound' is installed",
    });
  }
  await box.output('plugins', 'link', box.directory(working));
  expect((await box.failure('plugins', 'update', 'candle-plugin-sund')).hint).toBe(
    "Did you mean 'candle-plugin-sound'?",
  );
});

test('without a network, an installed plugin works and can be uninstalled', async () => {
  const box = pluginBox({ env: { CANDLE_NPM_REGISTRY: 'http://127.0.0.1:9/' } });
  await box.output('plugins', 'install', box.tarball(working));
  expect(await box.failure('plugins', 'install', 'hosts')).toMatchObject({
    code: 'PLUGIN_REGISTRY_UNREACHABLE',
    message: expect.stringMatching(/^'@candle\/plugin-hosts' could not be fetched: .*ECONNREFUSED/),
    hint: expect.stringContaining('Nothing was changed'),
  });
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect(await box.output('plugins', 'uninstall', 'candle-plugin-sound')).toBe('Uninstalled candle-plugin-sound\n');
  expect(box.dataDirEntries()).toEqual([]);
});

test('if the registry fails in the middle of a tarball, nothing changes', async () => {
  const box = pluginBox();
  await box.output('plugins', 'install', box.tarball(working));
  const registry = await openFakeRegistry({ name: '@ada/half', tarball: box.tarball(large), behavior: 'dies' });
  const env = { ...box.launch.env, CANDLE_NPM_REGISTRY: registry.url };
  const result = await box.candle(['plugins', 'install', '@ada/half', '--json'], { env });
  expect(JSON.parse(result.stdout).error).toMatchObject({
    code: 'PLUGIN_REGISTRY_UNREACHABLE',
    message: expect.stringMatching(/^'@ada\/half' could not be fetched: /),
  });
  expect(await box.output('plugins')).toMatch(/^candle-plugin-sound [^\n]+\n$/);
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
});

test('kill -9 during an installation loses nothing and does not block the next change', async () => {
  const box = pluginBox();
  await box.output('plugins', 'install', box.tarball(working));
  const registry = await openFakeRegistry({ name: '@ada/half', tarball: box.tarball(large), behavior: 'hangs' });
  const env = { ...box.launch.env, CANDLE_NPM_REGISTRY: registry.url };
  const child = spawn(process.execPath, [box.launch.file, 'plugins', 'install', '@ada/half'], { env, stdio: 'ignore' });
  await registry.halfSent;
  child.kill('SIGKILL');
  expect(readdirSync(join(box.dataDir, 'versions'))).toHaveLength(2);
  expect(await box.output('plugins')).toMatch(/^candle-plugin-sound [^\n]+\n$/);
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  // The next change does not wait for a lock.
  expect(await box.output('plugins', 'link', box.directory({ name: '@ada/next', commands: { next: true } }))).toMatch(
    /^Linked @ada\/next/,
  );
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  registry.disconnect();
  await until('npm has ended', () => !box.processes().some(({ command }) => command.includes('npm-cli')));
});

test('concurrent installations all succeed', async () => {
  const box = pluginBox();
  const names = ['one', 'two', 'three'];
  const installed = await Promise.all(
    names.map((name) =>
      box.run('plugins', 'install', box.tarball({ name: `@ada/${name}`, commands: { [name]: true } })),
    ),
  );
  expect(installed.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(
    (await box.output('plugins'))
      .split('\n')
      .map((line) => line.split(' ', 1).join(''))
      .sort(),
  ).toEqual(['', '@ada/one', '@ada/three', '@ada/two']);
});

test('a plugin directory without write permission is an error, and the list of plugins still works', async ({
  skip,
}) => {
  skip(whyNoRights !== undefined, whyNoRights);
  const box = pluginBox();
  mkdirSync(box.dataDir, { recursive: true });
  chmodSync(box.dataDir, 0o555);
  const run = withoutRights(box, { env: { XDG_DATA_HOME: dirname(box.dataDir) } });
  const { stdout, stderr, exitCode } = await run(['plugins', 'link', box.directory(working)]);
  expect({ stdout, exitCode, sentence: stderr }).toEqual({
    stdout: '',
    exitCode: 1,
    sentence: expect.stringMatching(
      /^Error: Plugins cannot be changed in .*data\/candle: .*\nCheck the permissions \(ls -ld /,
    ),
  });
  expect((await run(['plugins'])).stdout).toBe(
    'No plugins are installed. To install one: candle plugins install NAME\n',
  );
});

test('a relative XDG_DATA_HOME is ignored, and a relative CANDLE_DATA_DIR is resolved against the current directory', async () => {
  const relative = pluginBox({ env: { XDG_DATA_HOME: 'data' } });
  await relative.output('plugins', 'link', relative.directory(working));
  expect(existsSync(join(relative.projectDir, 'data'))).toBe(false);
  expect(await relative.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');

  const own = pluginBox({ env: { CANDLE_DATA_DIR: 'data' } });
  await own.output('plugins', 'link', own.directory(working));
  expect(existsSync(join(own.projectDir, 'data/package.json'))).toBe(true);
  expect(await own.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
});

test('a file in place of the plugin directory is an error only for commands that change plugins', async () => {
  const box = pluginBox();
  mkdirSync(dirname(box.dataDir));
  writeFileSync(box.dataDir, '');
  expect((await box.failure('plugins', 'link', box.directory(working))).code).toBe('PLUGIN_DIRECTORY_UNUSABLE');
  expect(await box.output('plugins')).toBe('No plugins are installed. To install one: candle plugins install NAME\n');
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
});

test('on a full disk, an installation changes nothing, and it succeeds once there is space again', async ({ skip }) => {
  const box = pluginBox();
  const disk = mountSmallDisk(box, 4096) ?? skip(whyNoMount);
  const env = { ...box.launch.env, CANDLE_DATA_DIR: join(dirname(disk.stateDir), 'plugins') };
  const candle = (...args: string[]) => box.candle(args, { env });
  expect(await candle('plugins', 'install', box.tarball(working))).toMatchObject({ exitCode: 0 });
  disk.fill(64);
  const tarball = box.tarball(large);
  const { error } = JSON.parse((await candle('plugins', 'install', tarball, '--json')).stdout);
  expect(error, error.message).toMatchObject({
    code: 'PLUGIN_DISK_FULL',
    hint: expect.stringMatching(/^Nothing was changed\./),
  });
  expect((await candle('sound')).stdout).toBe('sound of candle-plugin-sound 1.0.0\n');
  disk.free();
  expect((await candle('plugins', 'install', tarball)).stdout).toBe('Installed @ada/half 1.0.0 - candle half\n');
});
