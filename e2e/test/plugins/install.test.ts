import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Registry, startRegistry } from '../../registry/start-registry.ts';
import { openHalfRegistry } from './half-registry.ts';
import { pluginBox } from './plugin-box.ts';
import { commandSource, packPlugin, printing, writePlugin } from './plugin-package.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

/** A sandbox that knows the registry, and what publishes a plugin there. */
function boxOfRegistry() {
  const box = pluginBox({ env: registry.env });
  const publish = (name: string, version: string, oclif: object = {}) =>
    registry.publish(
      writePlugin(join(box.root, 'published', name, version), {
        name,
        version,
        oclif,
        commands: { [name.replace(/^.*plugin-/, '')]: true },
      }),
    );
  return { box, publish };
}

test('a plugin from a registry: installed by its short name, used, inspected, updated, uninstalled; npm is not on PATH', async () => {
  const { box, publish } = boxOfRegistry();
  await publish('@candle/plugin-caddy', '1.0.0');
  expect(await box.output('plugins', 'install', 'caddy')).toBe('Installed @candle/plugin-caddy 1.0.0 - candle caddy\n');
  expect(await box.output('caddy')).toBe('caddy of @candle/plugin-caddy 1.0.0\n');
  expect(await box.output('plugins')).toBe('@candle/plugin-caddy 1.0.0 - candle caddy\n');
  expect(await box.json('plugins')).toEqual({
    plugins: [
      {
        name: '@candle/plugin-caddy',
        version: '1.0.0',
        type: 'installed',
        source: 'latest',
        root: join(box.dataDir, 'node_modules/@candle/plugin-caddy'),
        commands: ['caddy'],
        events: [],
        problems: [],
      },
    ],
  });
  expect(await box.output('plugins', 'inspect', 'caddy')).toBe(
    [
      '@candle/plugin-caddy 1.0.0',
      `  Installed as latest, in ${join(box.dataDir, 'node_modules/@candle/plugin-caddy')}`,
      '  candle caddy  Of a test.',
      '',
    ].join('\n'),
  );
  expect(await box.output('plugins', 'update')).toBe('@candle/plugin-caddy 1.0.0 is up to date\n');

  await publish('@candle/plugin-caddy', '1.1.0');
  expect(await box.output('plugins', 'update', 'caddy')).toBe('Updated @candle/plugin-caddy 1.0.0 -> 1.1.0\n');
  expect(await box.output('caddy')).toBe('caddy of @candle/plugin-caddy 1.1.0\n');
  expect(await box.output('plugins', 'install', 'caddy@1.0.0')).toBe(
    'Installed @candle/plugin-caddy 1.0.0 (was 1.1.0) - candle caddy\n',
  );
  // What was asked for is what an update goes by.
  expect(await box.output('plugins', 'update')).toBe('@candle/plugin-caddy 1.0.0 is up to date\n');

  expect(await box.output('plugins', 'uninstall', 'caddy')).toBe('Uninstalled @candle/plugin-caddy\n');
  expect(await box.output('plugins')).toBe('No plugins installed.\n');
  expect((await box.run('caddy')).stderr).toMatch(/^Error: Unknown command 'caddy'/);
  expect(existsSync(box.dataDir)).toBe(false);
});

test('several at once are all installed, or none', async () => {
  const { box, publish } = boxOfRegistry();
  await publish('candle-plugin-one', '1.0.0');
  await publish('@ada/plugin-two', '1.0.0');
  const failed = await box.failure('plugins', 'install', 'candle-plugin-one', '@ada/plugin-three');
  expect(failed).toMatchObject({
    code: 'PLUGIN_NOT_FOUND',
    message: "The registry has no package '@ada/plugin-three'",
  });
  expect(await box.output('plugins')).toBe('No plugins installed.\n');
  expect(await box.output('plugins', 'install', 'candle-plugin-one', '@ada/plugin-two')).toBe(
    'Installed candle-plugin-one 1.0.0 - candle one\nInstalled @ada/plugin-two 1.0.0 - candle two\n',
  );
  expect(await box.output('plugins', 'uninstall', 'candle-plugin-one')).toBe('Uninstalled candle-plugin-one\n');
  expect(await box.output('two')).toBe('two of @ada/plugin-two 1.0.0\n');
});

test('a short name never means a stranger’s package of that name', async () => {
  const { box } = boxOfRegistry();
  expect(await box.failure('plugins', 'install', 'strangers')).toMatchObject({
    code: 'PLUGIN_NOT_FOUND',
    message: "The registry has no package '@candle/plugin-strangers'",
    hint: 'A name without a scope means a plugin of Candle itself. For another plugin: candle plugins install @someone/their-plugin, or candle-plugin-NAME',
  });
  expect((await box.failure('plugins', 'install', 'plugin-strangers')).code).toBe('PLUGIN_NAME_INVALID');
  expect(registry.log()).not.toMatch(/GET \/(plugin-)?strangers/);
});

test('a version that is not there, a package that is no plugin, and one that is a part of Candle', async () => {
  const { box, publish } = boxOfRegistry();
  await publish('candle-plugin-versions', '1.0.0');
  expect(await box.failure('plugins', 'install', 'candle-plugin-versions@9')).toMatchObject({
    code: 'PLUGIN_VERSION_NOT_FOUND',
    message: "The registry has no version '9' of 'candle-plugin-versions', or of one of its dependencies",
  });
  await registry.publish(
    writePlugin(join(box.root, 'none'), { name: '@ada/left-pad', manifest: { oclif: undefined } }),
  );
  expect(await box.failure('plugins', 'install', '@ada/left-pad')).toMatchObject({
    code: 'PLUGIN_NONE',
    message: '@ada/left-pad@1.0.0 is not a Candle plugin: its package.json has no "oclif"',
  });
  expect((await box.failure('plugins', 'install', '@candle/cli')).code).toBe('PLUGIN_NONE');
  expect(box.left()).toEqual([]);
});

test('what does not fit this Node or this Candle is not installed, and an update to it leaves the old one', async () => {
  const { box } = boxOfRegistry();
  const publish = (version: string, manifest: object) =>
    registry.publish(
      writePlugin(join(box.root, version), { name: '@ada/fits', version, manifest, commands: { fits: true } }),
    );
  await publish('1.0.0', {});
  await box.output('plugins', 'install', '@ada/fits');
  await publish('2.0.0', { engines: { node: '>=99' } });
  expect(await box.failure('plugins', 'update')).toMatchObject({
    code: 'PLUGIN_NODE_MISMATCH',
    message: `The plugin @ada/fits requires Node.js >=99, but this is ${process.versions.node}`,
  });
  await publish('3.0.0', {
    peerDependencies: { '@candle/cli-kit': '^77.0.0' },
    peerDependenciesMeta: { '@candle/cli-kit': { optional: true } },
  });
  expect((await box.failure('plugins', 'install', '@ada/fits')).code).toBe('PLUGIN_CANDLE_MISMATCH');
  expect(await box.output('fits')).toBe('fits of @ada/fits 1.0.0\n');
});

test('tarballs in which there is no package.json, half of one, or one of another name', async () => {
  const { box } = boxOfRegistry();
  const pack = (text: string | undefined) => {
    rmSync(join(box.root, 'odd'), { recursive: true, force: true });
    mkdirSync(join(box.root, 'odd'));
    writeFileSync(join(box.root, 'odd', text === undefined ? 'readme' : 'package.json'), text ?? 'Nothing here');
    return packPlugin(join(box.root, 'odd'), join(box.root, 'odd.tgz'));
  };
  for (const text of [undefined, '{"name": "@ada/odd",', 'null', '{"name": "../odd", "oclif": {}}']) {
    expect(await box.failure('plugins', 'install', pack(text)), text).not.toMatchObject({ code: 'INTERNAL' });
  }
  const impostor = await openHalfRegistry({
    name: '@ada/innocent',
    tarball: box.tarball({ name: '@ada/other', commands: { innocent: true } }),
    end: 'answers',
  });
  const asked = pluginBox({ env: { CANDLE_NPM_REGISTRY: impostor.url } });
  expect(await asked.failure('plugins', 'install', '@ada/innocent')).toMatchObject({
    code: 'PLUGIN_NONE',
    message: '@ada/innocent@1.0.0 is not a Candle plugin: its package.json has the name @ada/other',
  });
  expect([...box.left(), ...asked.left()]).toEqual([]);
});

test('a tarball is installed by its path and by its address, and again when it has changed', async () => {
  const { box } = boxOfRegistry();
  const path = box.tarball({ name: 'candle-plugin-packed', commands: { packed: printing('first') } });
  expect(await box.output('plugins', 'install', path)).toBe(`Installed candle-plugin-packed 1.0.0 - candle packed\n`);
  expect(await box.output('plugins')).toBe(`candle-plugin-packed 1.0.0 (from ${path}) - candle packed\n`);
  expect(await box.output('packed')).toBe('first\n');
  box.tarball({ name: 'candle-plugin-packed', commands: { packed: printing('second') } });
  expect(await box.output('plugins', 'update')).toBe('candle-plugin-packed 1.0.0 is up to date\n');
  expect(await box.output('packed')).toBe('second\n');

  await registry.publish(
    writePlugin(join(box.root, 'web'), { name: '@ada/web', commands: { web: commandSource('console.log(1)') } }),
  );
  const address = `${registry.url}/@ada/web/-/web-1.0.0.tgz`;
  expect(await box.output('plugins', 'install', address)).toBe('Installed @ada/web 1.0.0 - candle web\n');
  expect(await box.output('web')).toBe('1\n');
  expect(await box.output('packed')).toBe('second\n');
});
