import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type PluginBox, pluginBox } from './plugin-box.ts';
import { commandSource, type PluginParts, printing } from './plugin-package.ts';

const working: PluginParts = { name: 'candle-plugin-sound', commands: { sound: true } };
const hintFor = (name: string) => `Fix it, or unlink it: candle plugins unlink ${name}`;

/** Links a working plugin and then a broken one, which consists of `parts`. */
async function withBroken(parts: Partial<PluginParts>): Promise<PluginBox> {
  const box = pluginBox();
  await box.run('plugins', 'link', box.directory(working));
  await box.run('plugins', 'link', box.directory({ name: 'candle-plugin-broken', ...parts }));
  return box;
}

interface Broken {
  readonly name: string;
  readonly code: string;
  readonly message: unknown;
}

/** Checks that broken plugins affect neither Candle's own commands nor other plugins, and that `plugins` and `doctor` report each one. */
async function expectHarmless(box: PluginBox, broken: readonly Broken[]): Promise<void> {
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect(await box.output('--help')).toMatch(/^COMMANDS OF PLUGINS\n(?: .+\n)* +sound +Of a test\.$/m);
  expect(await box.json('plugins')).toMatchObject({
    plugins: [
      { name: 'candle-plugin-sound', problems: [] },
      ...broken.map(({ name, code, message }) => ({ name, problems: [{ code, message, hint: hintFor(name) }] })),
    ],
  });
  const { stdout, stderr, exitCode } = await box.run('plugins');
  expect(exitCode).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ', 1).join('')),
  ).toEqual(['candle-plugin-sound', ...broken.map(({ name }) => name)]);
  const warnings = stderr.trim().split(/\n(?=Warning: )/);
  expect(warnings).toEqual(
    broken.map(({ name }) => expect.stringMatching(new RegExp(`^Warning: .*${name}.*\\n${hintFor(name)}$`))),
  );
  const doctor = await box.run('doctor');
  expect(doctor).toMatchObject({ exitCode: 0, stderr: '' });
  for (const { name } of broken) expect(doctor.stdout).toMatch(new RegExp(`^warning +plugins +.*${name}`, 'm'));
}

/** A plugin without a manifest: Candle loads its command whenever it reads the list of plugins. */
const withoutManifest = (name: string, source: string): PluginParts => ({
  name: `candle-plugin-${name}`,
  commands: { [name]: source },
  hasManifest: false,
});
const kit = (version: string) => JSON.stringify({ name: '@candle/cli-kit', version });

/** Plugins that cannot be used, with the error that their command reports. */
const failures: readonly [parts: PluginParts, code: string, message: RegExp][] = [
  [
    withoutManifest('throws', "throw new Error('no such luck');"),
    'PLUGIN_NOT_LOADABLE',
    /could not be loaded: no such luck$/,
  ],
  [
    withoutManifest('incomplete', "import 'nowhere';"),
    'PLUGIN_NOT_LOADABLE',
    /could not be loaded: Cannot find package 'nowhere'/,
  ],
  [withoutManifest('garbled', 'export default {{{'), 'PLUGIN_NOT_LOADABLE', /could not be loaded: .*Unexpected token/],
  [
    withoutManifest('exits', 'process.exit(3);'),
    'PLUGIN_NOT_LOADABLE',
    /could not be loaded: it called process\.exit\(3\)/,
  ],
  [
    { name: 'candle-plugin-future', manifest: { engines: { node: '>=99' } }, commands: { future: true } },
    'PLUGIN_NODE_MISMATCH',
    /requires Node\.js >=99, but this is \d/,
  ],
  [
    {
      name: 'candle-plugin-other',
      manifest: { dependencies: { '@candle/cli-kit': '^77.0.0' } },
      commands: { other: true },
    },
    'PLUGIN_CANDLE_MISMATCH',
    /requires Candle \^77\.0\.0, but this is \d/,
  ],
  [
    {
      name: 'candle-plugin-carrier',
      manifest: { dependencies: { '@candle/cli-kit': 'file:../kit' } },
      commands: { carrier: true },
      files: { 'node_modules/@candle/cli-kit/package.json': kit('77.1.0') },
    },
    'PLUGIN_CANDLE_MISMATCH',
    /requires Candle 77\.1\.0, but this is \d/,
  ],
];

test('plugins that throw, lack a module, are not valid JavaScript, end the process, or require another version of Node.js or Candle do not affect other commands', async () => {
  const box = pluginBox();
  for (const parts of [working, ...failures.map(([parts]) => parts)])
    await box.run('plugins', 'link', box.directory(parts));
  const broken = failures.map(([{ name }, code, message]) => ({ name, code, message: expect.stringMatching(message) }));
  await expectHarmless(box, broken);
  // Its own command also reports the problem.
  for (const { name, code, message } of broken) {
    expect(await box.failure(name.replace('candle-plugin-', ''))).toMatchObject({
      code,
      message,
      hint: hintFor(name),
    });
  }
});

test('plugins without a manifest that print, loop forever or never finish loading are reported after a timeout', async () => {
  const box = pluginBox();
  const link = (name: string, source: string) => ({
    name,
    type: 'link',
    root: box.directory(withoutManifest(name, source)),
  });
  const plugins = [link('loops', "console.log('noise'); for (;;);"), link('waits', 'await new Promise(() => {});')];
  const list = plugins.map((entry) => ({ ...entry, name: `candle-plugin-${entry.name}` }));
  mkdirSync(box.dataDir, { recursive: true });
  writeFileSync(join(box.dataDir, 'package.json'), JSON.stringify({ oclif: { plugins: list } }));
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  const warningFor = ({ name }: { name: string }) =>
    `Warning: Plugin ${name} could not be loaded: it did not load within 3 seconds\n${hintFor(name)}\n`;
  expect(await box.run('plugins')).toEqual({
    exitCode: 0,
    stdout: list.map(({ name, root }) => `${name} 1.0.0 (link) ${root} - cannot be used\n`).join(''),
    stderr: list.map(warningFor).join(''),
  });
});

test('a plugin without a manifest that changes Object.prototype and the exit code does not affect other commands', async () => {
  const source = `Object.prototype.name = 'mine';
    process.on('exit', () => { process.exitCode = 9; });
    ${printing('broken')}`;
  const box = await withBroken({ commands: { broken: source }, hasManifest: false });
  expect(await box.output('plugins')).toMatch(
    /^candle-plugin-sound .* candle sound\ncandle-plugin-broken .* candle broken\n$/,
  );
  expect(await box.output('--help')).toMatch(/^ +sound +Of a test\.$/m);
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
});

test('an unhandled rejection in a plugin affects only its own command, which reports the plugin', async () => {
  const source = `Promise.reject(new Error('no such luck')); ${printing('broken')}`;
  const box = await withBroken({ commands: { broken: source }, hasManifest: false });
  expect(await box.output('plugins')).toMatch(/ - candle sound\n.* - candle broken\n$/);
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect((await box.run('doctor')).stderr).toBe('');
  expect(await box.run('broken')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^Error: Plugin candle-plugin-broken 1\.0\.0 failed: no such luck\n/),
  });
});

test('a plugin with a manifest is not loaded for other commands, and an error while loading is reported as a failure of the plugin', async () => {
  const box = await withBroken({ commands: { broken: "console.log('noise'); throw new Error('no such luck');" } });
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect(await box.output('plugins')).toMatch(/broken 1\.0\.0 .* - candle broken\n$/);
  const { stderr, exitCode } = await box.run('broken');
  expect({ stderr, exitCode }).toEqual({
    exitCode: 1,
    stderr:
      'Error: Plugin candle-plugin-broken 1.0.0 failed: no such luck\nTry a newer version: candle plugins update candle-plugin-broken. To see where it happened, run the command again with --debug\n',
  });
});

test('an error in a plugin’s command is reported as a failure of the plugin, with its stack only with --debug', async () => {
  const box = await withBroken({ commands: { broken: commandSource("throw new TypeError('x is undefined');") } });
  expect(await box.failure('broken')).toMatchObject({
    code: 'PLUGIN_FAILED',
    message: 'Plugin candle-plugin-broken 1.0.0 failed: x is undefined',
  });
  const { stdout, stderr } = await box.run('broken');
  expect([stdout, stderr]).toEqual(['', expect.not.stringMatching(/bug in Candle|broken\.js/)]);
  expect((await box.run('broken', '--debug')).stderr).toMatch(/TypeError: x is undefined\n +at .*commands\/broken\.js/);
});

test('a plugin with a missing directory or a damaged package.json is reported and can be unlinked', async () => {
  const box = await withBroken({ commands: { broken: true } });
  const directory = join(box.root, 'sources/candle-plugin-broken-1.0.0');
  writeFileSync(join(directory, 'package.json'), '{"name": "candle-plug');
  const name = 'candle-plugin-broken';
  await expectHarmless(box, [{ name, code: 'PLUGIN_PACKAGE_DAMAGED', message: expect.stringContaining(directory) }]);
  rmSync(directory, { recursive: true });
  const message = `Plugin ${name} is missing from ${directory}`;
  await expectHarmless(box, [{ name, code: 'PLUGIN_FILES_MISSING', message }]);
  expect(await box.output('plugins', 'unlink', 'candle-plugin-broken')).toBe('Unlinked candle-plugin-broken\n');
  expect(await box.output('plugins')).toMatch(/^candle-plugin-sound 1\.0\.0 /);
});

test('a damaged list of plugins does not block Candle’s own commands and is not overwritten until plugins reset', async () => {
  const box = await withBroken({ commands: { broken: true } });
  writeFileSync(join(box.dataDir, 'package.json'), '{"oclif": {"plugins": [{"name"');
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  expect((await box.output('--help')).length).toBeGreaterThan(1000);
  const problem = {
    code: 'PLUGIN_LIST_DAMAGED',
    message: `The list of plugins in ${join(box.dataDir, 'package.json')} cannot be read, so no plugins are loaded`,
    hint: 'To remove all plugins: candle plugins reset. Then install them again',
  };
  for (const line of [
    ['plugins'],
    ['sound'],
    ['plugins', 'link', box.directory(working)],
    ['plugins', 'uninstall', 'x'],
  ]) {
    expect(await box.failure(...line)).toMatchObject(problem);
  }
  expect((await box.run('doctor')).stdout).toMatch(/^warning +plugins +The list of plugins/m);
  expect(await box.output('plugins', 'reset')).toBe('No plugins left\n');
  expect(box.dataDirEntries()).toEqual([]);
  expect(await box.output('plugins', 'link', box.directory(working))).toMatch(/^Linked candle-plugin-sound/);
});

test('the init, prerun, postrun, preparse, command_not_found and finally hooks of a plugin never run', async () => {
  const hook = "process.stdout.write('hooked'); process.exit(7);";
  const hooks = {
    init: './hook',
    prerun: './hook',
    postrun: './hook',
    finally: './hook',
    command_not_found: './hook',
    preparse: './hook',
  };
  const box = pluginBox();
  await box.run('plugins', 'link', box.directory({ ...working, oclif: { hooks }, files: { 'hook.js': hook } }));
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  expect((await box.run('zzzzzzzz')).stderr).toBe("Error: Unknown command 'zzzzzzzz'\nAll commands: candle help\n");
});

test('a plugin’s command never replaces one of Candle or of another plugin, and a warning reports the conflict', async () => {
  const box = pluginBox();
  await box.output('plugins', 'link', box.directory(working));
  const greedy = box.directory({
    name: 'candle-plugin-greedy',
    commands: { greedy: true, 'list-reserved-ports': true, stop: true, 'start:faster': true, help: true, sound: true },
  });
  const warningFor = (command: string, owner: string) =>
    `Warning: Plugin candle-plugin-greedy cannot provide 'candle ${command}': the name belongs to ${owner}\nFix it, or unlink it: candle plugins unlink candle-plugin-greedy\n`;
  const warnings = [
    ...['list-reserved-ports', 'stop', 'start faster', 'help'].map((command) => warningFor(command, 'Candle itself')),
    warningFor('sound', 'plugin candle-plugin-sound'),
  ].sort();
  for (const line of [['plugins', 'link', greedy], ['plugins'], ['plugins', 'inspect', 'candle-plugin-greedy']]) {
    const { stderr, exitCode } = await box.run(...line);
    expect(exitCode).toBe(0);
    expect(stderr.split(/(?=Warning: )/).sort()).toEqual(warnings);
  }
  expect((await box.run('doctor')).stdout.match(/^warning +plugins/gm)).toHaveLength(warnings.length);
  expect(await box.output('greedy')).toBe('greedy of candle-plugin-greedy 1.0.0\n');
  expect(await box.output('sound')).toBe('sound of candle-plugin-sound 1.0.0\n');
  expect(await box.output('list-reserved-ports')).toBe('No reserved ports found for current project\n');
  expect((await box.run('start', 'faster')).stdout).not.toContain('greedy');
  expect(await box.output('help')).not.toContain('greedy of');
});

test('a plugin with the package name of a part of Candle does not replace that part', async () => {
  const box = pluginBox();
  const directory = box.directory({ name: '@candle/cli', commands: { evil: true } });
  expect((await box.failure('plugins', 'link', directory)).code).toBe('PLUGIN_NONE');
  mkdirSync(box.dataDir, { recursive: true });
  const list = (name: string) => ({ oclif: { plugins: [{ name, type: 'link', root: directory }] } });
  writeFileSync(join(box.dataDir, 'package.json'), JSON.stringify(list('@candle/cli')));
  expect((await box.failure('evil')).code).toBe('PLUGIN_NOT_LOADABLE');
  writeFileSync(join(box.dataDir, 'package.json'), JSON.stringify(list('candle-plugin-x')));
  expect(await box.json('plugins')).toMatchObject({
    plugins: [{ name: 'candle-plugin-x', problems: [{ code: 'PLUGIN_PACKAGE_DAMAGED' }] }],
  });
  expect((await box.output('--help')).length).toBeGreaterThan(1000);
});
