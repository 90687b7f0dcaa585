import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Registry, startRegistry } from '../../registry/start-registry.ts';
import { testInFull } from '../bounded.ts';
import { openFakeRegistry } from './fake-registry.ts';
import { pluginBox } from './plugin-box.ts';
import { commandSource, packPlugin, printing, writePlugin } from './plugin-package.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

/** A sandbox that uses the registry, and a function that publishes a plugin there. */
function registryBox() {
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

test('a plugin from a registry can be installed by its short name, used, inspected, updated and uninstalled without npm on PATH', async () => {
  const { box, publish } = registryBox();
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
  // An update stays with the requested version.
  expect(await box.output('plugins', 'update')).toBe('@candle/plugin-caddy 1.0.0 is up to date\n');

  expect(await box.output('plugins', 'uninstall', 'caddy')).toBe('Uninstalled @candle/plugin-caddy\n');
  expect(await box.output('plugins')).toBe('No plugins are installed. To install one: candle plugins install NAME\n');
  expect((await box.run('caddy')).stderr).toMatch(/^Error: Unknown command 'caddy'/);
  expect(existsSync(box.dataDir)).toBe(false);
});

testInFull('of several plugins in one command, either all or none are installed', async () => {
  const { box, publish } = registryBox();
  await publish('candle-plugin-one', '1.0.0');
  await publish('@ada/plugin-two', '1.0.0');
  const failed = await box.failure('plugins', 'install', 'candle-plugin-one', '@ada/plugin-three');
  expect(failed).toMatchObject({
    code: 'PLUGIN_NOT_FOUND',
    message: "The registry has no package '@ada/plugin-three'",
  });
  expect(await box.output('plugins')).toBe('No plugins are installed. To install one: candle plugins install NAME\n');
  expect(await box.output('plugins', 'install', 'candle-plugin-one', '@ada/plugin-two')).toBe(
    'Installed candle-plugin-one 1.0.0 - candle one\nInstalled @ada/plugin-two 1.0.0 - candle two\n',
  );
  expect(await box.output('plugins', 'uninstall', 'candle-plugin-one')).toBe('Uninstalled candle-plugin-one\n');
  expect(await box.output('two')).toBe('two of @ada/plugin-two 1.0.0\n');
});

test('a short name never installs an unscoped package with that name', async () => {
  const { box } = registryBox();
  expect(await box.failure('plugins', 'install', 'strangers')).toMatchObject({
    code: 'PLUGIN_NOT_FOUND',
    message: "The registry has no package '@candle/plugin-strangers'",
    hint: 'A name without a scope means a plugin in the @candle scope. To install another plugin: candle plugins install @someone/their-plugin, or candle-plugin-NAME',
  });
  expect((await box.failure('plugins', 'install', 'plugin-strangers')).code).toBe('PLUGIN_NAME_INVALID');
  expect(registry.log()).not.toMatch(/GET \/(plugin-)?strangers/);
});

test('a missing version, a package that is not a plugin, and a part of Candle are rejected', async () => {
  const { box, publish } = registryBox();
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
  expect(box.dataDirEntries()).toEqual([]);
});

testInFull(
  'a plugin for another version of Node.js or Candle is not installed, and an update to one keeps the old version',
  async () => {
    const { box } = registryBox();
    const publish = (version: string, manifest: object) =>
      registry.publish(
        writePlugin(join(box.root, version), { name: '@ada/fits', version, manifest, commands: { fits: true } }),
      );
    await publish('1.0.0', {});
    await box.output('plugins', 'install', '@ada/fits');
    await publish('2.0.0', { engines: { node: '>=99' } });
    expect(await box.failure('plugins', 'update')).toMatchObject({
      code: 'PLUGIN_NODE_MISMATCH',
      message: `Plugin @ada/fits requires Node.js >=99, but this is ${process.versions.node}`,
    });
    await publish('3.0.0', {
      peerDependencies: { '@candle/cli-kit': '^77.0.0' },
      peerDependenciesMeta: { '@candle/cli-kit': { optional: true } },
    });
    expect((await box.failure('plugins', 'install', '@ada/fits')).code).toBe('PLUGIN_CANDLE_MISMATCH');
    expect(await box.output('fits')).toBe('fits of @ada/fits 1.0.0\n');
  },
);

testInFull('tarballs without a package.json, with a damaged one, or with another name are rejected', async () => {
  const { box } = registryBox();
  const pack = (text: string | undefined) => {
    rmSync(join(box.root, 'odd'), { recursive: true, force: true });
    mkdirSync(join(box.root, 'odd'));
    writeFileSync(join(box.root, 'odd', text === undefined ? 'readme' : 'package.json'), text ?? 'Nothing here');
    return packPlugin(join(box.root, 'odd'), join(box.root, 'odd.tgz'));
  };
  for (const text of [undefined, '{"name": "@ada/odd",', 'null', '{"name": "../odd", "oclif": {}}']) {
    expect(await box.failure('plugins', 'install', pack(text)), text).not.toMatchObject({ code: 'INTERNAL' });
  }
  const impostor = await openFakeRegistry({
    name: '@ada/innocent',
    tarball: box.tarball({ name: '@ada/other', commands: { innocent: true } }),
    behavior: 'completes',
  });
  const other = pluginBox({ env: { CANDLE_NPM_REGISTRY: impostor.url } });
  expect(await other.failure('plugins', 'install', '@ada/innocent')).toMatchObject({
    code: 'PLUGIN_NONE',
    message: '@ada/innocent@1.0.0 is not a Candle plugin: its package.json has the name @ada/other',
  });
  expect([...box.dataDirEntries(), ...other.dataDirEntries()]).toEqual([]);
});

test('a tarball can be installed from a path or a URL, and update installs a changed tarball', async () => {
  const { box } = registryBox();
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
  const url = `${registry.url}/@ada/web/-/web-1.0.0.tgz`;
  expect(await box.output('plugins', 'install', url)).toBe('Installed @ada/web 1.0.0 - candle web\n');
  expect(await box.output('web')).toBe('1\n');
  expect(await box.output('packed')).toBe('second\n');
});
